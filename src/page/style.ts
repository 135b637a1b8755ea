// The one stylesheet, in parts: a text and no file, since the compiler copies none.

import { answerStyle } from "./style-answer.ts";
import { baseStyle } from "./style-base.ts";
import { partsStyle } from "./style-parts.ts";
import { tableStyle } from "./style-tables.ts";

export const style = [baseStyle, partsStyle, tableStyle, answerStyle].join("\n");
