/** A value on its way to or from JSON. Results use undefined for fields that are not there. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
