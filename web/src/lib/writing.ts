/** Whether somebody writes or chooses there: what keys mean elsewhere, and what comes by itself, is to leave them alone. */
export const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input:not([type=radio], [type=checkbox]), textarea, select, [role="textbox"]') !== null)
