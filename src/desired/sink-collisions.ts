import { errorAt, wordPlace, type Diagnostic } from "../manifest/diagnostic.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import { wordDelivery, type SecretDelivery } from "../model/delivery.ts";
import type { DesiredToken, DesiredUser } from "../model/desired.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { TokenId, UserId } from "../model/ids.ts";
import { quoted } from "../support/printable.ts";
import type { Place } from "../support/place.ts";

/** A secret on its way to one place. */
export interface Delivered {
  readonly id: TokenId | UserId;
  readonly target: string;
  readonly source: Place;
  readonly delivery: SecretDelivery;
  /** Of the place in its manifest. */
  readonly pointer: string;
}

/** Finds the manifest of a token or a user of a target. */
export type OwnerManifest = (
  target: string,
  id: TokenId | UserId,
) => ManifestOf<"Token"> | ManifestOf<"User"> | undefined;

/** Two secrets in one place are one secret lost: of two owners, of one on two targets, or of one in two formats. */
export function sinkCollisions(states: readonly DesiredOverTime[], manifestOf: OwnerManifest): Diagnostic[] {
  const firsts = new Map<string, Delivered>();
  return states.flatMap(deliveredIn).flatMap((delivered) => {
    const place = wordDelivery(delivered.delivery);
    const first = firsts.get(place);
    if (first !== undefined) return collision(first, delivered, manifestOf);
    firsts.set(place, delivered);
    return [];
  });
}

export function deliveredIn({ target, tokens, users }: DesiredOverTime): readonly Delivered[] {
  const ofTokens = [...tokens.values()].flatMap((token) =>
    placed(token, target.name, { deliveries: token.deliveries, pointer: "/spec/sinks" }),
  );
  const ofUsers = [...users.values()].flatMap((user) => {
    const origin = user.password?.origin;
    if (origin?.kind !== "generated") return [];
    const pointer = "/spec/password/generate/sinks";
    return placed(user, target.name, { deliveries: origin.deliveries, pointer });
  });
  return [...ofTokens, ...ofUsers];
}

function placed(
  { id, ensure, source }: DesiredToken | DesiredUser,
  target: string,
  { deliveries, pointer }: { readonly deliveries: readonly SecretDelivery[]; readonly pointer: string },
): readonly Delivered[] {
  if (ensure !== "present") return [];
  return deliveries.map((delivery, index) => ({
    id,
    target,
    source,
    delivery,
    pointer: `${pointer}/${index}`,
  }));
}

function collision(first: Delivered, second: Delivered, manifestOf: OwnerManifest): Diagnostic[] {
  const manifest = manifestOf(second.target, second.id);
  return manifest
    ? [
        errorAt(manifest.locate(`${second.pointer}/as`), {
          code: "sink-collision",
          ...wordsOf(first, second),
        }),
      ]
    : [];
}

function wordsOf(
  first: Delivered,
  second: Delivered,
): { readonly message: string; readonly hint: string; readonly related?: Place } {
  const place = quoted(wordDelivery(second.delivery));
  if (first.id !== second.id) {
    return {
      message: `the secret of ${first.id}, declared at ${wordPlace(first.source)}, goes to the same place, ${place}`,
      hint: "give each secret a place of its own",
      related: first.source,
    };
  }
  if (first.target !== second.target) {
    return {
      message: `the secrets of ${second.id} for targets ${first.target} and ${second.target} go to one place, ${place}`,
      hint: "put {target} into its name",
      related: first.source,
    };
  }
  return {
    message: `the secret of ${second.id} goes twice to one place, ${place}`,
    hint: "drop one of the two",
  };
}
