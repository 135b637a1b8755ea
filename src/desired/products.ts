import type { Product, ProductName } from "../model/product.ts";
import { pve } from "../model/pve.ts";

/** The rules of each product; undefined where it is not supported yet. */
export const products: Readonly<Record<ProductName, Product | undefined>> = { pve, pbs: undefined };
