/** What is written in a field, and what of it is chosen. */
export type Field = { text: string; from: number; to: number }
/** In place of what stands from … to; and what is chosen then, counted from the beginning of what is put in. */
export type Edit = { from: number; to: number; put: string; choose: [number, number] }

/** Signs around what is chosen, or away from it where they are. */
export const around = ({ text, from, to }: Field, sign: string): Edit => {
  const chosen = text.slice(from, to)
  const isThere = text.slice(from - sign.length, from) === sign && text.slice(to, to + sign.length) === sign
  if (isThere) return { from: from - sign.length, to: to + sign.length, put: chosen, choose: [0, chosen.length] }
  return { from, to, put: `${sign}${chosen}${sign}`, choose: [sign.length, sign.length + chosen.length] }
}

/** A mark at the beginning of each line that is touched, or away from all of them where all have it. */
export const before = ({ text, from, to }: Field, mark: string): Edit => {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const next = text.indexOf('\n', to)
  const end = next < 0 ? text.length : next
  const lines = text.slice(start, end).split('\n')
  const areMarked = lines.every((line) => line.startsWith(mark))
  const put = lines.map((line) => (areMarked ? line.slice(mark.length) : `${mark}${line}`)).join('\n')
  return { from: start, to: end, put, choose: [lines.length > 1 ? 0 : put.length, put.length] }
}

/** A block of its own, with an empty line before and after it. */
export const asBlock = ({ text, from, to }: Field, [open, close]: [string, string]): Edit => {
  const chosen = text.slice(from, to)
  const [above, below] = [text.slice(0, from), text.slice(to)]
  const gap = above === '' || above.endsWith('\n\n') ? '' : above.endsWith('\n') ? '\n' : '\n\n'
  const rest = below.startsWith('\n') ? '' : '\n'
  const start = gap.length + open.length
  return { from, to, put: `${gap}${open}${chosen}${close}${rest}`, choose: [start, start + chosen.length] }
}

const ADDRESS = /^https?:\/\/\S+$/

/** What is chosen as a link; an address that is pasted over words leads from them. */
export const asLink = ({ text, from, to }: Field, address = ''): Edit => {
  const chosen = text.slice(from, to)
  if (ADDRESS.test(chosen) && address === '') return { from, to, put: `[](${chosen})`, choose: [1, 1] }
  const put = `[${chosen}](${address})`
  return { from, to, put, choose: address === '' && chosen !== '' ? [chosen.length + 3, chosen.length + 3] : [1, 1 + chosen.length] }
}

export const isAddress = (text: string): boolean => ADDRESS.test(text.trim())

/** Words in the brackets of a picture: a file's name says as much as nobody knows better. */
export const wordsOfFile = (name: string): string =>
  name
    .replace(/\.[^.]{1,5}$/, '')
    .replace(/[[\]\\_-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
