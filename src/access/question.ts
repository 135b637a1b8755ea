// In: a question in somebody's words, and the state of one server. Out: the answer, or everything that is wrong with the
// words. Must not know: who asks, how an answer is shown.

import { authKey, type AclPath, type AuthId, type Privilege, type SubjectKey } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import { Bug } from "../support/bug.ts";
import { explainAt, explainEverywhere, type Statement } from "./everywhere.ts";
import { explain, type Explanation } from "./explain.ts";
import type { AccessIndex } from "./lookup.ts";
import { pathNamed, privilegeNamed, subjectNamed, type Named, type NamedPath } from "./named.ts";
import type { Privileges } from "./standing.ts";
import { logInNow, type LogInNow } from "./usable.ts";
import { whoCan, type Holding } from "./who-can.ts";

/** As typed; undefined where it was left empty. */
export interface Question {
  readonly subject: string | undefined;
  readonly path: string | undefined;
  readonly privilege: string | undefined;
}

interface Mistake {
  readonly field: keyof Question;
  readonly problem: string;
  readonly hint: string | undefined;
}

export type Answer =
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] }
  /** What somebody may do, on a path or everywhere. */
  | {
      readonly kind: "access-of";
      readonly subject: SubjectKey;
      readonly logIn: LogInNow;
      readonly path: AclPath | undefined;
      readonly statements: readonly Statement[];
      readonly all: Privileges;
      readonly doubt: string | undefined;
    }
  | {
      readonly kind: "who-can";
      readonly privilege: Privilege;
      readonly path: AclPath;
      readonly holdings: readonly Holding[];
      readonly doubt: string | undefined;
    }
  /** Whether somebody can use one privilege on one path. */
  | {
      readonly kind: "can";
      readonly subject: SubjectKey;
      readonly logIn: LogInNow;
      readonly privilege: Privilege;
      readonly path: AclPath;
      /** Of this privilege alone. */
      readonly explanation: Explanation;
      readonly doubt: string | undefined;
    };

export interface AskedServer {
  readonly index: AccessIndex;
  readonly product: Product;
  /** `office (pve 9.2.11)` */
  readonly server: string;
  readonly nowSeconds: number;
}

/** Which of the three kinds of question it is follows from what it names. */
export function answerQuestion(question: Question, asked: AskedServer): Answer {
  const subject = named(question.subject, (text) => subjectNamed(text, asked.index));
  const path = named(question.path, (text) => pathNamed(text, asked.product));
  const privilege = named(question.privilege, (text) => privilegeNamed(text, asked.index, asked));
  const mistakes = [
    ...mistakeIn("subject", subject),
    ...mistakeIn("path", path),
    ...mistakeIn("privilege", privilege),
    ...missingIn(question),
  ];
  if (mistakes.length > 0) return { kind: "mistakes", mistakes };
  const [id, where, what] = [valueOf(subject), valueOf(path), valueOf(privilege)];
  if (what !== undefined && where !== undefined)
    return id === undefined ? answerWhoCan(what, where, asked) : answerCan(id, what, { where, asked });
  if (id === undefined)
    throw new Bug("a question without a subject, or a privilege and its path, has no mistake");
  return answerAccessOf(id, where, asked);
}

function answerAccessOf(
  id: AuthId,
  where: NamedPath | undefined,
  { index, nowSeconds }: AskedServer,
): Answer {
  return {
    kind: "access-of",
    subject: authKey(id),
    logIn: logInNow(index.state, id, nowSeconds),
    path: where?.path,
    statements: where === undefined ? explainEverywhere(index, id) : explainAt(index, id, where.path),
    all: index.superuserPrivileges,
    doubt: where?.doubt,
  };
}

function answerWhoCan(privilege: Privilege, { path, doubt }: NamedPath, asked: AskedServer): Answer {
  const holdings = whoCan(asked.index, privilege, path, asked.nowSeconds);
  return { kind: "who-can", privilege, path, holdings, doubt };
}

function answerCan(
  id: AuthId,
  privilege: Privilege,
  { where, asked }: { readonly where: NamedPath; readonly asked: AskedServer },
): Answer {
  const { index, nowSeconds } = asked;
  const { path, doubt } = where;
  const subject = authKey(id);
  const logIn = logInNow(index.state, id, nowSeconds);
  const explanation = about(privilege, explain(index, id, path), index);
  return { kind: "can", subject, logIn, privilege, path, explanation, doubt };
}

/** What an explanation says of one privilege. */
function about(privilege: Privilege, whole: Explanation, { state }: AccessIndex): Explanation {
  const held = whole.privileges.get(privilege);
  return {
    ...whole,
    privileges: held === undefined ? new Map() : new Map([[privilege, held]]),
    cut: whole.cut.filter((one) => one.privilege === privilege),
    replaced: whole.replaced.filter(
      ({ reason }) => state.roles.get(reason.entry.role)?.privileges.includes(privilege) === true,
    ),
  };
}

function missingIn({ subject, path, privilege }: Question): readonly Mistake[] {
  if (subject === undefined && privilege === undefined)
    return [
      {
        field: "subject",
        problem: "neither somebody nor a privilege is named",
        hint: "name a user or a token, or a privilege and a path, or all three",
      },
    ];
  if (privilege !== undefined && path === undefined)
    return [
      {
        field: "path",
        problem: "a privilege is held on a path, and none is named",
        hint: "as /vms/100; / is the top of all",
      },
    ];
  return [];
}

type Word<T> = Named<T> | undefined;

function named<T>(text: string | undefined, parse: (text: string) => Named<T>): Word<T> {
  return text === undefined ? undefined : parse(text);
}

function valueOf<T>(word: Word<T>): T | undefined {
  return word?.ok === true ? word.value : undefined;
}

function mistakeIn(field: keyof Question, word: Word<unknown>): readonly Mistake[] {
  return word === undefined || word.ok ? [] : [{ field, problem: word.problem, hint: word.hint }];
}
