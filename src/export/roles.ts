import type { Role } from "../model/access-state.ts";
import { sortedBy } from "../support/compare.ts";
import type { ExportedDocument, ExportInput, Part } from "./exported.ts";
import { nameable } from "./sayable.ts";

export function exportRoles(input: ExportInput): Part {
  const { state, extent, product } = input;
  const owned = sortedBy(state.roles.values(), ({ id }) => id).filter(
    ({ id, builtIn }) => !builtIn && extent.role(id),
  );
  const { named, remarks } = nameable(
    "roles",
    owned,
    ({ id }) => !product.isReservedRoleName(id) && !product.builtInRoles.has(id),
  );
  return { documents: named.map((role) => documentOf(role, input)), remarks };
}

/** A role with a privilege that this Rolecall has never heard of keeps what it has: a list would take it away. */
function documentOf({ id, privileges }: Role, { product }: ExportInput): ExportedDocument<"Role"> {
  const unknown = privileges.filter((privilege) => !product.parsePrivilege(privilege).ok);
  return {
    kind: "Role",
    name: id,
    spec: {
      ...(unknown.length === 0 && { privileges: [...privileges] }),
    },
    remarks:
      unknown.length === 0
        ? []
        : [`privileges is left alone: ${unknown.join(", ")} is not known to this Rolecall`],
  };
}
