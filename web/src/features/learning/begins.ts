/** What a lesson begins with, for whoever has just asked for it. */
export type Begins = { plays?: boolean; opens?: 'curriculum' | 'talk' | 'notes' }
