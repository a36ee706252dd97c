import type { Call, Outcome } from './calls.ts'
import type { Caller } from './row.ts'
import type { Scene, Things } from './scene.ts'

/** Of Theo's, what his learners are not told of either. */
const THEOS: readonly (keyof Things)[] = [
  ...(['hiddenCourse', 'hiddenSection', 'hiddenLesson', 'removedLesson', 'emptyVideoLesson', 'emptySection', 'bank'] as const),
  ...(['upload', 'sentUpload', 'failedVideo', 'runningVideo', 'replacement', 'captions', 'earlierCaptions', 'openFile', 'sentFile', 'sentPicture'] as const),
  ...(['announcement', 'scheduled', 'series', 'run', 'failedRun', 'pausedSeries'] as const),
]
/** What is for those who have the course. */
const THE_COURSES: readonly (keyof Things)[] = ['file', 'picture', 'video', 'silentVideo', 'question', 'quizQuestion', 'thread', 'articleWords']
/** Of Lena's, what her teacher is not told of either. */
const LENAS: readonly (keyof Things)[] = [
  ...(['note', 'noteWords', 'stream', 'workFile', 'openWork', 'sentWork', 'notification', 'letters', 'feed', 'token'] as const),
  ...(['passkey', 'otherSession', 'joining', 'staffInvitation'] as const),
  ...(['order', 'paidOrder', 'payment', 'invitation', 'receipt', 'membership'] as const),
]
const HER_WORK: readonly (keyof Things)[] = ['handing', 'handedFile', 'certificate']

/** Support looks after orders and people. */
const ORDERS: readonly (keyof Things)[] = ['order', 'paidOrder', 'payment', 'receipt', 'membership']

const KEPT_FROM: Record<Exclude<Caller, 'ada' | 'oona'>, readonly (keyof Things)[]> = {
  visitor: [...THEOS, ...THE_COURSES, ...LENAS, ...HER_WORK],
  sam: [...THEOS, ...THE_COURSES, ...LENAS, ...HER_WORK],
  max: [...THEOS, ...THE_COURSES, ...LENAS, ...HER_WORK],
  olga: [...THEOS, ...THE_COURSES, ...LENAS, ...HER_WORK],
  nina: [...THEOS, ...LENAS, ...HER_WORK],
  lena: THEOS,
  theo: LENAS,
  ...{ carl: LENAS, gus: LENAS },
  ...{ eve: [...LENAS, 'handing', 'handedFile'], tal: [...LENAS, 'handing', 'handedFile'], lea: [...LENAS, 'handedFile'] },
  sue: [...THEOS, ...THE_COURSES, ...HER_WORK, ...LENAS.filter((name) => !ORDERS.includes(name))],
}

/** Whose addresses teachers are told, besides their own: those of who learns with them, and of whom they have help. */
const LEARNERS: Partial<Record<Caller, readonly Caller[]>> = {
  ...{ theo: ['lena', 'nina', 'carl', 'eve', 'gus', 'tal', 'lea'], olga: ['max'] },
  ...{ carl: ['lena', 'nina'], lea: ['lena', 'nina'] },
}

/** In the words of an answer: an address, or a thing, that the caller has nothing to do with and has not named. */
const strangeIn = ({ people, own }: Scene, who: Caller, { text, named }: { text: string; named: string }): string | undefined => {
  // Who runs the school is told all of it.
  if (who === 'ada' || who === 'oona') return undefined
  const isNews = (value: string): boolean => text.includes(value) && !named.includes(value)
  const knows = (each: string): boolean => each === who || who === 'sue' || LEARNERS[who]?.some((learner) => learner === each) === true
  const person = Object.entries(people).find(([name, { email }]) => !knows(name) && isNews(email))?.[0]
  const thing = KEPT_FROM[who].find((name) => isNews(own[name]))
  return person === undefined ? thing : `the address of ${person}`
}

/** Looks into every answer, refusals too, for what is not the caller's to know. */
export const listening = ({ scene, call }: { scene: Scene; call: Call }): { call: Call; overheard: string[] } => {
  const overheard: string[] = []
  return {
    overheard,
    call: async (who, input): Promise<Outcome> => {
      const outcome = await call(who, input)
      const strange = strangeIn(scene, who, { text: outcome.text, named: JSON.stringify(input) })
      if (strange !== undefined) overheard.push(`${who} is told of ${strange}, unasked`)
      return outcome
    },
  }
}
