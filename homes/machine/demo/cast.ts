/** How far somebody follows a course: lessons done, and of a video after them a part. */
export type Following = { course: string; daysAgo: number; depth: number }

export type Learner = { email: string; name: string /** How likely an answer of theirs is right. */; skill: number; follows: Following[] }

/** Numbers from 0 up to 1 that are the same at every start (mulberry32). */
export const chances = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const SENTENCES = 'The Shape of a Sentence'
export const DELIVERY = 'How a Video Reaches You'
export const NOTES = 'Notes That Last'

const NAMES = [
  ...['Amara Okafor', 'Björn Lindqvist', 'Chiara Ricci', 'Daniel Weiss', 'Elif Yıldız', 'Farid Haddad', 'Greta Holm', 'Hana Suzuki'],
  ...['Ivo Kovač', 'Jonas Meyer', 'Kavya Raman', 'Liam Byrne', 'Mireille Dubois', 'Nia Mensah', 'Oskar Nowak', 'Priya Nair'],
  ...['Quentin Leroy', 'Rosa Delgado', 'Samuel Adeyemi', 'Tamar Levi', 'Umut Kaya', 'Vera Petrova', 'Wen Zhao', 'Yara Costa'],
]

const LONGEST_DAYS = 88
const LESSONS = { [SENTENCES]: 7, [DELIVERY]: 3, [NOTES]: 4 }

const addressOf = (name: string): string =>
  `${name
    .normalize('NFKD')
    .replace(/[^\p{L} ]/gu, '')
    .replaceAll('ı', 'i')
    .toLowerCase()
    .replaceAll(' ', '.')}@example.com`

/** Lena is the demo's own learner: what she has done is what whoever signs in as her sees. She has not followed the free course yet. */
const LENA: Learner = {
  ...{ email: 'learner@lectern.test', name: 'Lena Larsen', skill: 1 },
  follows: [
    { course: NOTES, daysAgo: 41, depth: 4 },
    { course: SENTENCES, daysAgo: 17, depth: 2.55 },
  ],
}

const coursesOf = (place: number): string[] => {
  const first = [[SENTENCES, DELIVERY], [SENTENCES], [NOTES, DELIVERY]][place % 3] ?? []
  return place % 5 === 0 && !first.includes(NOTES) ? [...first, NOTES] : first
}

/** Everybody, the same at every start. */
export const cast = (): Learner[] => {
  const chance = chances(20_260)
  const followed = (course: string, daysAgo: number): Following => {
    // Four in ten go to the end; the others stop anywhere.
    const most = LESSONS[course as keyof typeof LESSONS]
    return { course, daysAgo, depth: chance() < 0.4 ? most : chance() * most }
  }
  const others = NAMES.map((name, place): Learner => {
    // A school that grows: more have come lately.
    const came = LONGEST_DAYS * (1 - place / NAMES.length) ** 1.25 + 1 + chance()
    const follows = coursesOf(place).map((course, number) => followed(course, Math.max(0.5, came - number * 6)))
    return { email: addressOf(name), name, skill: 0.45 + chance() * 0.5, follows }
  })
  return [LENA, ...others]
}
