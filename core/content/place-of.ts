import type { FileFinding } from '#contract/content.ts'

/** Where something is to be mended, as editors take it: `courses/light/course.md:3`. */
export const placeOf = ({ path, line }: Pick<FileFinding, 'path' | 'line'>): string => (line === undefined ? path : `${path}:${line}`)
