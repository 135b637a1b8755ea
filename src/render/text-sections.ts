import type { ProductName } from "../model/product.ts";
import type { Operation, ParameterValue, Plan, RequestShape } from "../plan/plan.ts";
import { requestFor } from "../plan/requests.ts";
import type { Palette } from "../support/palette.ts";
import { lostForEver, takenAlong, type Consequence } from "./consequences.ts";
import { quoted, visible } from "./escape.ts";
import { findingLines } from "./findings.ts";
import { pveumLine } from "./pveum.ts";
import { wordExpiry, wordRotation, type Detail } from "./values.ts";
import {
  concernedBy,
  firstOf,
  nameChange,
  wordApproval,
  wordBoundary,
  wordPlace,
  wordUnmanaged,
} from "./words.ts";

interface Options {
  readonly palette: Palette;
  readonly detail: Detail;
}

/** The lines of a node's shell that do the same, where the product has such a command. */
const commandLines: Readonly<
  Record<ProductName, (operation: Operation, request: RequestShape) => readonly string[]>
> = {
  pve: (operation, request) => [pveumLine(operation, request)],
  pbs: () => [],
};

const partLimit = 10;
const unmanagedLimit = 20;
const rotationLimit = 20;
const boundaryLimit = 10;
const objectLimit = 3;

/** What is for ever, and what a delete takes along. */
export function consequenceSections(plan: Plan, options: Options): string[][] {
  return [
    consequenceSection(options.palette.red("Lost for ever"), lostForEver(plan), options.detail),
    consequenceSection(options.palette.bold("Goes along"), takenAlong(plan), options.detail),
  ];
}

function consequenceSection(title: string, consequences: readonly Consequence[], detail: Detail): string[] {
  if (consequences.length === 0) return [];
  return [
    title,
    ...consequences.map(({ object, parts }) => {
      const { shown, more } = firstOf(parts, limitFor(detail, partLimit));
      const rest = more === 0 ? "" : ` and ${more} more`;
      return `  ${visible(object)}: ${shown.map(visible).join(", ")}${rest}`;
    }),
  ];
}

function limitFor(detail: Detail, limit: number): number {
  return detail === "verbose" ? Infinity : limit;
}

export function findingSection(plan: Plan, options: Options): string[] {
  if (plan.findings.length === 0) return [];
  const errors = plan.findings.filter(({ severity }) => severity === "error");
  const warnings = plan.findings.filter(({ severity }) => severity === "warning");
  return [
    options.palette.bold("Findings"),
    ...[...errors, ...warnings].flatMap((finding) =>
      findingLines(
        finding,
        { concerned: concernedBy(plan, finding.changes), approval: wordApproval(finding, plan) },
        options,
      ),
    ),
  ];
}

export function unmanagedSection(plan: Plan, options: Options): string[] {
  if (plan.unmanaged.length === 0) return [];
  const lines = plan.unmanaged.map(
    (unmanaged) => `  ${visible(nameChange(unmanaged))}: ${wordUnmanaged(unmanaged)}`,
  );
  const { shown, more } = firstOf(lines, limitFor(options.detail, unmanagedLimit));
  const title = options.palette.bold("Unmanaged, stays");
  return [title, ...shown, ...(more === 0 ? [] : [`  and ${more} more (--verbose shows all)`])];
}

/** When tokens get their next secret: what `lifetime` comes to. */
export function rotationSection(plan: Plan, options: Options): string[] {
  if (plan.rotations.length === 0) return [];
  const lines = plan.rotations.map((rotation) => `  ${wordRotation(rotation)}`);
  const { shown, more } = firstOf(lines, limitFor(options.detail, rotationLimit));
  const title = options.palette.bold("Next new secret of tokens");
  return [title, ...shown, ...(more === 0 ? [] : [`  and ${more} more (--verbose shows all)`])];
}

/** What will change by itself, though no manifest does. */
export function boundarySection(plan: Plan, options: Options): string[] {
  if (plan.boundaries.length === 0) return [];
  const lines = plan.boundaries.map((boundary) => {
    const { shown, more } = firstOf(boundary.objects, limitFor(options.detail, objectLimit));
    const rest = more === 0 ? "" : ` and ${more} more`;
    const place = options.palette.dim(visible(wordPlace(boundary.source)));
    return `  ${visible(wordBoundary(boundary))} (${shown.map(visible).join(", ")}${rest})  ${place}`;
  });
  const { shown, more } = firstOf(lines, limitFor(options.detail, boundaryLimit));
  const rest = more === 0 ? [] : [`  and ${more} more (--verbose shows all)`];
  return [options.palette.bold("Begins or ends next"), ...shown, ...rest];
}

export function operationSection(plan: Plan, options: Options): string[] {
  if (plan.operations.length === 0) return [];
  return [
    options.palette.bold("Operations"),
    ...plan.operations.flatMap((operation, index) => operationLines(operation, index, plan, options)),
  ];
}

function operationLines(operation: Operation, index: number, plan: Plan, options: Options): string[] {
  const request = requestFor(operation);
  const parameters = Object.entries(request.parameters).map(
    ([name, value]) => `${visible(name)}=${wordParameter(value)}`,
  );
  const line = [`${request.method} ${visible(request.path)}`, ...parameters].join(" ");
  const commands = commandLines[plan.product](operation, request);
  return [`  ${index + 1}. ${line}`, ...commands.map((command) => `     ${options.palette.dim(command)}`)];
}

function wordParameter(value: ParameterValue): string {
  if (typeof value === "string") return quoted(value);
  if ("secret" in value) return `<${visible(value.secret)}>`;
  if ("endsInSecret" in value) return `${quoted(value.startsWith)}<${visible(value.endsInSecret)}>`;
  if ("digestOf" in value) return `<digest of ${visible(value.digestOf)}>`;
  const bound = value.before === undefined ? "" : `, before ${wordExpiry(value.before)}`;
  return `<now + ${value.secondsAhead} s${bound}>`;
}
