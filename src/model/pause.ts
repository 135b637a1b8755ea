/**
 * The switch for 3 a.m.: while a group of this name exists on a target, nothing is written to it. Whoever may make a
 * group can pull it, without a way to Git or to the machine that Rolecall runs on.
 */
export const pauseGroup = "rolecall-pause";
