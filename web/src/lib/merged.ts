export type Texts = { [key: string]: string | Texts }

/** The files of one language as one: each has sections of its own. */
export const merged = (files: Record<string, unknown>): Texts => {
  // A file of texts is read by the build, and a test reads every one: texts, or groups of them.
  const texts = Object.values(files) as Texts[]
  return Object.assign({}, ...texts)
}
