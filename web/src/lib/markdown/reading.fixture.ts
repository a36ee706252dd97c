import { type Picture, pictureAt } from './addresses.ts'
import { htmlOf } from './reader.ts'
import type { Reading } from './reading.ts'

export const someReading = (of: Partial<Reading> = {}): Reading => ({
  prefix: 'text-',
  pictureAt,
  words: {
    ...{ callout: (kind) => kind, done: 'Done', open: 'Open', footnotes: 'Notes', footnote: (number) => `Note ${number}`, backToText: 'Back' },
    ...{ playFrom: (host) => `Play from ${host}`, privacy: (host) => `${host} learns of you` },
  },
  ...of,
})

export const read = (source: string, of: Partial<Reading> = {}): string => htmlOf(source, someReading(of))

/** Takes every picture, as CommonMark's examples suppose. */
export const anyPicture = (address: string): Picture => ({ id: 'pic_00000000', width: 0, height: 0, address, isPublic: true })
