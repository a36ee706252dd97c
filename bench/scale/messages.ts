/** What a school tells once it listens: one course, people who follow it and may ask, and whoever teaches it. */
export type Opened = { port: number; course: string; lesson: string; tokens: string[]; teacher: string }

/**
 * What it is asked to hold: so many enrolments in all · so many learners of its course, with their progress and what is counted of them ·
 * a course with so many lessons, not yet published.
 */
export type Asked = { what: 'enrolments' | 'learners' | 'lessons'; count: number }
export type Told = { what: 'done'; id?: string } | { what: 'failed'; why: string }

/** One that listens, and does what it is asked. */
export type School = Opened & { ask(what: Asked): Promise<Extract<Told, { what: 'done' }>> }
