type Policy = { createHTML(text: string): string; createScriptURL(url: string): string }
/** As elements see it, which take what a policy has made in a string's place (W3C Trusted Types); their types know strings alone. */
type TrustedTypes = { createPolicy(name: string, policy: Policy): Policy }

// A browser without trusted types has no such thing.
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }

/** The one policy of ours that the pages' Content-Security-Policy names: what makes markup of text, or loads a script, goes by here or is stopped. */
const policy = trustedTypes?.createPolicy('lectern', { createHTML: (text) => text, createScriptURL: (url) => url })

/** Markup that was written by a program, never by a person. */
export const trustedMarkup = (text: string): string => policy?.createHTML(text) ?? text

/** The address of a script of ours. */
export const trustedScript = (path: `/${string}`): string => policy?.createScriptURL(path) ?? path
