import type { Tone } from './steps.ts'

/** Of the dot beside a state's word. */
export const DOTS: Record<Tone, string> = {
  ...{ success: 'bg-success', primary: 'bg-primary', warning: 'bg-warning', error: 'bg-error' },
  neutral: 'bg-(--ui-text-dimmed)',
}
