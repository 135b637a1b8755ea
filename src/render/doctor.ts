import {
  checkAreas,
  statusOfChecks,
  type Check,
  type CheckStatus,
  type TargetHealth,
} from "../reconcile/check.ts";
import type { Palette } from "../support/palette.ts";
import { printableJson, visible } from "./escape.ts";

const marks: Readonly<Record<CheckStatus, { readonly word: string; readonly colour: keyof Palette }>> = {
  ok: { word: "ok     ", colour: "green" },
  warning: { word: "warning", colour: "yellow" },
  error: { word: "error  ", colour: "red" },
};

/** Every check with its mark in words; colours only repeat them. */
export function renderDoctor(targets: readonly TargetHealth[], palette: Palette): string {
  return targets.map((target) => `${targetText(target, palette)}\n`).join("\n");
}

function targetText({ name, product, version, checks }: TargetHealth, palette: Palette): string {
  const release = version === undefined ? product : `${product} ${version}`;
  return [
    palette.bold(visible(`${name} (${release}): ${verdict(checks)}`)),
    ...inOrder(checks).flatMap((check) => checkLines(check, palette)),
  ].join("\n");
}

function verdict(checks: readonly Check[]): string {
  const count = (status: CheckStatus): number => checks.filter((check) => check.status === status).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const parts = [
    ...(errors > 0 ? [`${errors} ${errors === 1 ? "error" : "errors"}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`] : []),
  ];
  return parts.length === 0 ? "all is well" : parts.join(", ");
}

function inOrder(checks: readonly Check[]): readonly Check[] {
  return checkAreas.flatMap((area) => checks.filter((check) => check.area === area));
}

function checkLines({ status, code, message, hint }: Check, palette: Palette): readonly string[] {
  const { word, colour } = marks[status];
  const what = status === "ok" ? message : `${code}: ${message}`;
  return [
    `  ${palette[colour](word)}  ${visible(what)}`,
    ...(hint === undefined ? [] : [`             ${palette.dim("hint:")} ${visible(hint)}`]),
  ];
}

/** By docs/doctor.schema.json. */
export function renderDoctorJson(targets: readonly TargetHealth[]): string {
  return printableJson({
    formatVersion: 1,
    targets: targets.map(({ name, product, version, checks }) => ({
      name,
      product,
      ...(version !== undefined && { version }),
      status: statusOfChecks(checks),
      checks: inOrder(checks),
    })),
  });
}
