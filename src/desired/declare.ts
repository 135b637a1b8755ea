import type { Product } from "../model/product.ts";
import { declareAcl } from "./declare-acl.ts";
import { declareGroup, declareMembership } from "./declare-group.ts";
import { declarePolicy } from "./declare-policy.ts";
import { declarePool } from "./declare-pool.ts";
import { declareRealm } from "./declare-realm.ts";
import { declareRole } from "./declare-role.ts";
import { declareToken } from "./declare-token.ts";
import { declareUser } from "./declare-user.ts";
import type { Declaration } from "./declaration.ts";
import { products } from "./products.ts";
import type { Report } from "./reading.ts";
import { selectTargets, type ObjectManifest, type TargetList } from "./select-targets.ts";

/** The declarations for each target by its name. A manifest is read once for each product, not for each target. */
export function declareAll(
  manifests: readonly ObjectManifest[],
  targets: TargetList,
  report: Report,
): ReadonlyMap<string, readonly Declaration[]> {
  const byTarget = new Map<string, Declaration[]>(targets.selectable.map(({ target }) => [target.name, []]));
  for (const manifest of manifests) {
    const selected = selectTargets(manifest, targets, report);
    const declared = new Map<Product, Declaration | undefined>();
    for (const product of rulesFor(
      selected.map((one) => one.product),
      targets,
    )) {
      declared.set(product, declare(manifest, product, report));
    }
    for (const { target, product } of selected) {
      const declaration = declared.get(product);
      if (declaration !== undefined) byTarget.get(target.name)?.push(declaration);
    }
  }
  return byTarget;
}

/** A manifest that applies nowhere is read all the same, to tell its other mistakes, if its rules can't be others. */
function rulesFor(selected: readonly Product[], { selectable, names }: TargetList): Iterable<Product> {
  if (selected.length > 0) return new Set(selected);
  const supported = Object.values(products).filter((product) => product !== undefined);
  return selectable.length === names.size ? supported.slice(0, 1) : [];
}

function declare(manifest: ObjectManifest, product: Product, report: Report): Declaration | undefined {
  switch (manifest.kind) {
    case "User":
      return declareUser({ manifest, product, report });
    case "Group":
      return declareGroup({ manifest, product, report });
    case "Membership":
      return declareMembership({ manifest, product, report });
    case "Role":
      return declareRole({ manifest, product, report });
    case "ACL":
      return declareAcl({ manifest, product, report });
    case "Token":
      return declareToken({ manifest, product, report });
    case "Policy":
      return declarePolicy({ manifest, product, report });
    case "Pool":
      return declarePool({ manifest, product, report });
    case "Realm":
      return declareRealm({ manifest, product, report });
  }
}
