// No container engine is at hand where this is tested: the Dockerfile is checked by a linter, and its steps are taken one
// by one in an empty folder, with the Node.js that runs the test.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { root } from "./support/command.ts";
import { useOffices } from "./support/office.ts";
import { useDaemons } from "./support/watching.ts";

const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");
// Proof: npm takes no package without one.
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const offices = useOffices();
const daemons = useDaemons();
afterEach(async () => {
  await daemons.close();
  await offices.close();
});

interface Step {
  readonly word: string;
  /** Behind the word, on one line. */
  readonly rest: string;
  /** Of the exec form. */
  readonly words: readonly string[];
}

/** The stages by their place, each with its steps; what stands before the first is left out. */
const stages: readonly (readonly Step[])[] = DockerfileParser.parse(dockerfile)
  .getInstructions()
  .reduce<Step[][]>((all, instruction) => {
    const word = instruction.getKeyword();
    const rest = instruction
      .getTextContent()
      .slice(word.length)
      .replace(/\\\n/gu, "")
      .replace(/\s+/gu, " ")
      .trim();
    const [exec] = /\[.*\]$/u.exec(rest) ?? [];
    // Proof: the linter passes the exec form as a list of texts only.
    const words = word !== "COPY" && exec !== undefined ? (JSON.parse(exec) as string[]) : [];
    if (word === "FROM") all.push([]);
    all.at(-1)?.push({ word, rest, words });
    return all;
  }, []);

const [build = [], final = []] = stages;

function stepsOf(word: string): readonly Step[] {
  return final.filter((step) => step.word === word);
}

describe("the Dockerfile", () => {
  test("has nothing that its linter objects to", () => {
    expect(validate(dockerfile)).toEqual([]);
    expect(validate("FROM scratch\nHEALTHCHECK --interval=soon CMD true\n")).not.toEqual([]);
  });

  test("builds on what it is told to, and runs as nobody", () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24-slim$/mu);
    expect(build[0]?.rest).toBe("${NODE_IMAGE} AS build");
    expect(final[0]?.rest).toBe("${NODE_IMAGE}");
    expect(stepsOf("USER").map(({ rest }) => rest)).toEqual(["1000:1000"]);
    expect(stepsOf("STOPSIGNAL").map(({ rest }) => rest)).toEqual(["SIGTERM"]);
    // Nothing is built or fetched once that user has taken over.
    expect(final.findLastIndex(({ word }) => word === "RUN")).toBeLessThan(
      final.findIndex(({ word }) => word === "USER"),
    );
  });

  test("needs no shell at run time", () => {
    for (const word of ["ENTRYPOINT", "CMD", "HEALTHCHECK"])
      expect(stepsOf(word).map(({ words }) => words.length > 0)).toEqual([true]);
  });

  test("says what the image is, in the version of the package", () => {
    expect(stepsOf("ARG").map(({ rest }) => rest)).toContain(`VERSION=${version}`);
    const [labels] = stepsOf("LABEL");
    for (const name of ["title", "description", "licenses", "version", "revision"])
      expect(labels?.rest).toContain(`org.opencontainers.image.${name}=`);
  });
});

describe("the image", () => {
  const place = mkdtempSync(join(tmpdir(), "rolecall-image-"));
  const [context, made, image] = ["context", "made", "image"].map((name) => join(place, name)) as [
    string,
    string,
    string,
  ];
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  // npm fetches what its cache lacks.
  beforeAll(() => {
    layOut();
    for (const { word, rest } of build) {
      if (word === "COPY") copy(rest, { from: context, to: join(made, "app") });
      if (word === "RUN") execFileSync("/bin/sh", ["-c", rest], { cwd: join(made, "app"), stdio: "pipe" });
    }
    for (const { rest } of stepsOf("COPY")) {
      const [first = "", ...paths] = rest.split(" ");
      if (first === "--from=build") copy(paths.join(" "), { from: made, to: image });
      else copy(rest, { from: context, to: image });
    }
  }, 300_000);

  /** What .dockerignore lets through: all is left out but what it names. */
  function layOut(): void {
    const [all, ...kept] = readFileSync(join(root, ".dockerignore"), "utf8").match(/^[^#\n]+$/gmu) ?? [];
    expect(all).toBe("*");
    for (const name of kept)
      cpSync(join(root, name.slice(1)), join(context, name.slice(1)), { recursive: true });
  }

  function copy(rest: string, { from, to }: { readonly from: string; readonly to: string }): void {
    const paths = rest.split(" ");
    const target = paths.pop() ?? "";
    for (const path of paths) {
      const into = target === "./" ? join(to, path) : join(to, target);
      mkdirSync(to, { recursive: true });
      cpSync(join(from, path), into, { recursive: true, verbatimSymlinks: true });
    }
  }

  /** As the engine starts it, with what is said behind the image's name. */
  function commandOf(...said: readonly string[]): readonly string[] {
    const entry = stepsOf("ENTRYPOINT")[0]?.words ?? [];
    const words = [...entry, ...(said.length > 0 ? said : (stepsOf("CMD")[0]?.words ?? []))];
    return words.map((word) => word.replace(/^\/app\//u, `${image}/app/`));
  }

  async function run(words: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
    const [program = "", ...rest] = words;
    const child = spawn(program === "node" ? process.execPath : program, rest, { cwd, env });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { status: child.exitCode, stdout, stderr };
  }

  test("knows its version, and prints help where nothing is asked", async () => {
    expect(await run(commandOf("--version"), image)).toMatchObject({
      status: 0,
      stdout: "0.1.0\n",
      stderr: "",
    });
    expect(await run(commandOf(), image)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Usage/u),
    });
  });

  test("holds what runs, and nothing of what builds", () => {
    expect(readdirSync(join(image, "app")).sort()).toEqual(["LICENSE", "dist"]);
    expect(readFileSync(join(image, "app/dist/LICENCES.txt"), "utf8")).toContain("undici");
    execFileSync(join(image, "app/dist/rolecall.js"), ["--version"]);
  });

  test("plans", async () => {
    const { folder, env } = await offices.open();
    const path = { PATH: process.env["PATH"] ?? "" };
    expect(await run(commandOf("plan"), folder, { ...env, ...path })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("joe@pve"),
    });
  });

  test("watches, and its health check tells well from ill", async () => {
    const check = stepsOf("HEALTHCHECK")[0]?.words ?? [];
    expect(check[0]).toBe("node");
    // In the image it is the default port; here somebody else may have that one.
    const at = (url: string): readonly string[] =>
      check.map((word) => word.replaceAll("http://127.0.0.1:9855", url));
    expect(at("")).not.toEqual(check);
    const office = await offices.open();
    const daemon = await daemons.open({
      ...office,
      program:
        stepsOf("ENTRYPOINT")[0]
          ?.words.at(-1)
          ?.replace(/^\/app\//u, `${image}/app/`) ?? "",
    });
    await daemon.untilPass("office", "synced");
    expect(await run(at(daemon.url), image)).toEqual({ status: 0, stdout: "200 ok\n\n", stderr: "" });
    // A path that is not there stands for any answer that is none of 200.
    const ill = at(daemon.url).map((word) => word.replace("/healthz", "/nowhere"));
    expect(await run(ill, image)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^404 /u) });
    expect(await daemon.stop()).toBe(0);
    expect(await run(at(daemon.url), image)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("does not answer"),
    });
  });
});
