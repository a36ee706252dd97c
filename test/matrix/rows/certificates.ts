import type { Rows } from '../row.ts'

const LEARNS_NOT = { gets: 'not-enrolled', because: 'a certificate is of those who have learnt in the course, not of who looks after it' } as const

export const certificates: Rows<'certificates'> = {
  mine: { of: 'nobody', input: () => ({}) },
  // Whoever is shown a certificate may look whether it holds.
  certificate: { of: 'nobody', input: ({ certificate }) => ({ certificate }) },
  claim: { of: 'course', input: ({ shortCourse: course }) => ({ course }), but: { theo: LEARNS_NOT, ada: LEARNS_NOT } },
  rules: { of: 'teacher', to: 'teach', input: ({ course }) => ({ course }) },
  putRules: { of: 'teacher', to: 'teach', input: ({ course }) => ({ course, isOn: true, signature: 'Theo', text: '' }) },
  issued: { of: 'teacher', to: 'teach', input: ({ shortCourse: course }) => ({ course }) },
  revoke: { of: 'teacher', to: 'teach', input: ({ certificate }) => ({ certificate, reason: 'It was somebody else.' }) },
  reinstate: { of: 'teacher', to: 'teach', input: ({ certificate }) => ({ certificate }) },
  credential: { of: 'nobody', input: ({ certificate }) => ({ certificate }) },
  status: { of: 'nobody', input: ({ certificate }) => ({ certificate }) },
  keys: { of: 'nobody', input: () => ({}) },
  key: { of: 'nobody', input: ({ credentialKey: key }) => ({ key }) },
}
