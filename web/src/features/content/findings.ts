import type { FileFinding } from '#contract/content.ts'

/** Findings by file, in the order they were told, so that whoever mends them opens each file once. */
export const byFile = (findings: readonly FileFinding[]): { path: string; findings: FileFinding[] }[] =>
  [...Map.groupBy(findings, ({ path }) => path)].map(([path, found]) => ({ path, findings: found.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) }))

/** Where a repository is cloned from; its page's own address does not always end so. */
export const cloneUrl = (url: string): string => (url.endsWith('.git') ? url : `${url.replace(/\/$/, '')}.git`)

/** The page of a commit, as GitHub and its like address it. */
export const commitPage = (url: string, commit: string): string => `${url.replace(/(\.git)?\/?$/, '')}/commit/${commit}`

/** The page of a file, where it can be changed too. */
export const filePage = (url: string, { branch, path }: { branch: string; path: string }): string =>
  `${url.replace(/(\.git)?\/?$/, '')}/blob/${branch}/${path.split('/').map(encodeURIComponent).join('/')}`

export const shortCommit = (commit: string): string => commit.slice(0, 7)

/** The least a lesson's file says. */
const LESSON = ['---', 'title: Why a window is soft', 'kind: article', '---', '', 'Stand beside a window on a grey day…'].join('\n')

const courseFile = (teacher: string | undefined): string =>
  [
    ...['---', 'title: My first course', ...(teacher === undefined ? [] : [`teacher: ${teacher}`]), 'published: false', '---'],
    ...['', 'What it is about, in a sentence or two.'],
  ].join('\n')

/** What to write to see a first lesson. Where there is a course already, its address will do as a folder; else a file makes one, that nobody else sees yet. */
export const firstFiles = ({ folder, course, teacher }: { folder: string; course?: string | undefined; teacher?: string | undefined }) => {
  const pathOf = (...names: string[]): string => [folder, course ?? 'my-first-course', ...names].filter(Boolean).join('/')
  const lesson = { path: pathOf('01-first-steps', '01-soft-light.md'), text: LESSON }
  return course === undefined ? [{ path: pathOf('course.md'), text: courseFile(teacher) }, lesson] : [lesson]
}
