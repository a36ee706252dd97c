import type { Rows } from '../row.ts'

export const content: Rows<'content'> = {
  state: { of: 'nobody', input: () => ({}) },
  look: { of: 'nobody', input: () => ({}) },
  release: { of: 'teacher', to: 'edit', input: ({ article: lesson }) => ({ lesson }) },
}
