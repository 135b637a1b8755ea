export const exits = `Exit status: 0 all is well, 1 wrong input or an unreachable server, 2 a secret is not where it should be (verify);
rotate ends as apply does: 3 refused, 4 something was written and not everything converged, 130 ended by a signal.`;
