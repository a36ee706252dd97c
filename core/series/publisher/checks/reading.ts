import { fingerprint, similarity as share, wordsOf } from '../similarity.ts'
import { type Check, error, type Found, quoted, warning } from './check.ts'

const WORDS_A_MINUTE = 200
/** So many characters of a script without spaces are read in the time of a word. */
const CHARACTERS_A_WORD = 2.5
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]$/u

export const readingMinutes = (text: string): number => {
  const words = wordsOf(text)
  const characters = words.filter((word) => UNSPACED.test(word)).length
  return (words.length - characters + characters / CHARACTERS_A_WORD) / WORDS_A_MINUTE
}

const isNear = (minutes: number, wanted: number): boolean => minutes >= wanted * 0.5 && minutes <= wanted * 1.5
const isFar = (minutes: number, wanted: number): boolean => minutes < wanted / 5 || minutes > wanted * 3

/** Half as long again may do, and people judge it; a lesson that is another thing altogether is not worth their time. */
export const readingTime: Check = {
  name: 'reading-time',
  title: 'It takes about as long to read as was asked for',
  find: ({ brief, draft }) => {
    const minutes = readingMinutes(draft.text)
    const shown = minutes < 10 ? minutes.toFixed(1) : minutes.toFixed(0)
    const [asked, claimed] = [brief.brief.minutes, draft.about.readingMinutes ?? brief.brief.minutes]
    const found: Found[] = []
    if (!isNear(minutes, asked)) found.push((isFar(minutes, asked) ? error : warning)(`It takes ${shown} minutes to read; asked for were ${asked}.`))
    if (!isNear(minutes, claimed)) found.push(warning(`It takes ${shown} minutes to read, and says ${claimed} of itself.`))
    return found
  },
}

const ALIKE = 0.5
const SAME = 0.8

export const similarity: Check = {
  name: 'similarity',
  title: 'It does not repeat an earlier lesson',
  find: ({ brief, draft }) => {
    const own = fingerprint(draft.text)
    return brief.earlier.flatMap(({ title, fingerprint: earlier }) => {
      const same = share(own, earlier)
      if (same < ALIKE) return []
      return [(same >= SAME ? error : warning)(`${Math.round(same * 100)} % of it is in the lesson ${quoted(title)}.`)]
    })
  },
}
