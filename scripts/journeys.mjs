import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const IMPORTED = /from '([^']+)'/g
const MAKERS = '#homes/machine/ffmpeg/'

/** The demo's lectures are encoded while its school is open; only a school that is opened empty makes none. @param {string} text */
const mayOpenTheDemo = (text) => text.replaceAll("program({ args: ['--empty']", '').includes('program(')

/** A minute and a half of 360 lines: on two cores its ladder is made in some seconds. */
const MOST_SMALL_PIXELS = 90 * 640 * 360
const FILM = /aFilm\([^\n]*\{ seconds: (\d+), width: (\d+), height: (\d+) \}/g

/** A school that encodes one film at a time leaves a core of two to what is beside it. @param {string} text */
const hasOneEncoder = (text) => text.includes("LECTERN_ENCODERS: '1'")

/** Whether a journey keeps one core busy by encoding. @param {string} file */
export const fillsCore = async (file) => hasOneEncoder(await readFile(file, 'utf8'))

/** Whether all films it makes are small, by what is written where they are made; a size that is not written there is none. @param {string} text */
const makesSmallFilms = (text) => {
  const sizes = [...text.matchAll(FILM)].map(([, seconds, width, height]) => Number(seconds) * Number(width) * Number(height))
  const isSpelled = sizes.length === text.split('aFilm(').length - 1
  return isSpelled && sizes.length > 0 && sizes.every((pixels) => pixels <= MOST_SMALL_PIXELS)
}

/**
 * Whether a journey may fill a machine by encoding films: it reaches the maker of films by its imports and makes others than small
 * ones with more than one encoder, or opens a school that is not told to be empty, with as many.
 * @param {string} file
 */
export const fillsMachine = async (file) => {
  const journey = await readFile(file, 'utf8')
  if (hasOneEncoder(journey)) return false
  if (mayOpenTheDemo(journey)) return true
  if (makesSmallFilms(journey)) return false
  const seen = new Set([file])
  for (const each of seen) {
    const text = each === file ? journey : await readFile(each, 'utf8')
    const imported = [...text.matchAll(IMPORTED)].map(([, from = '']) => from)
    if (imported.some((from) => from.startsWith(MAKERS))) return true
    // What lies beside it is read as well; a set that grows is gone through to its end.
    for (const from of imported) if (from.startsWith('./')) seen.add(join(dirname(each), from))
  }
  return false
}
