import type { Role } from "../model/access-state.ts";
import { sortedBy } from "../support/compare.ts";
import type { ExportedDocument, ExportInput, Part } from "./exported.ts";
import { isNameable, remarkUnnameable } from "./sayable.ts";

export function exportRoles(input: ExportInput): Part {
  const { state, extent, product } = input;
  const owned = sortedBy(state.roles.values(), ({ id }) => id).filter(
    ({ id, builtIn }) => !builtIn && extent.role(id),
  );
  const isOurs = ({ id }: Role): boolean =>
    isNameable(id) && !product.isReservedRoleName(id) && !product.builtInRoles.has(id);
  return {
    documents: owned.filter(isOurs).map((role) => documentOf(role, input)),
    remarks: remarkUnnameable(
      "roles",
      owned.filter((role) => !isOurs(role)).map(({ id }) => id),
      "scope.roles.exclude",
    ),
  };
}

/** A role with a privilege that this Rolecall has never heard of keeps what it has: a list would take it away. */
function documentOf({ id, privileges }: Role, { product, targets }: ExportInput): ExportedDocument<"Role"> {
  const unknown = privileges.filter((privilege) => !product.parsePrivilege(privilege).ok);
  return {
    kind: "Role",
    name: id,
    spec: {
      ...(targets && { targets: [...targets] }),
      ...(unknown.length === 0 && { privileges: [...privileges] }),
    },
    remarks:
      unknown.length === 0
        ? []
        : [`privileges is left alone: ${unknown.join(", ")} is not known to this Rolecall`],
  };
}
