import * as z from 'zod/mini'
import { CaptionOrigin, type CaptionTrack, Listening } from '#contract/captions.ts'
import { mediaPrefix } from '#core/media/records.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

const Version = z.object({ revision: z.string(), origin: CaptionOrigin, cues: z.int(), at: z.string() })

/** The captions of a video in one language; their text is an object, named by the revision. */
export const StoredCaptions = z.object({
  video: z.string(),
  language: z.string(),
  label: z.string(),
  isDraft: z.boolean(),
  ...Version.shape,
  /** What the last save replaced. */
  before: z.optional(Version),
})
export type StoredCaptions = z.infer<typeof StoredCaptions>

export const captionRecords = records({
  schema: StoredCaptions,
  key: ({ video, language }: { video: string; language: string }) => ({ pk: `video#${video}`, sk: `captions#${language}` }),
  people: ofNobody,
})

/** What a machine was last asked to listen to: at most one thing of a video at a time. */
export const StoredListening = z.object({ ...Listening.shape, video: z.string(), ask: z.string() })
export type StoredListening = z.infer<typeof StoredListening>

export const listeningRecords = records({
  schema: StoredListening,
  key: ({ video }: { video: string }) => ({ pk: `video#${video}`, sk: 'listening' }),
  people: ofNobody,
})

/** By language; far fewer than fit a page. */
export const captionsIn = async (tables: Tables, video: string): Promise<StoredCaptions[]> =>
  (await captionRecords.list(tables, `video#${video}`, { prefix: 'captions#', limit: 1000 })).items

/** Those that learners may have. */
export const shownCaptionsIn = async (tables: Tables, video: string): Promise<StoredCaptions[]> =>
  (await captionsIn(tables, video)).filter(({ isDraft }) => !isDraft)

/** Every version of the text lies here, out of the reach of any grant to watch; what is shown is copied to where learners may read it. */
export const draftsPrefix = (video: string): string => `drafts/captions/${video}/`
export const textKey = ({ video, language, revision }: Pick<StoredCaptions, 'video' | 'language' | 'revision'>): string =>
  `${draftsPrefix(video)}${language}.${revision}.vtt`
/** Below a video's own prefix. */
export const CAPTIONS = 'captions/'
export const shownKey = (video: string, language: string): string => `${mediaPrefix(video)}${CAPTIONS}${language}.vtt`

export const VTT = { type: 'text/vtt; charset=utf-8', cacheControl: 'no-cache' } as const

export const shownTrack = ({ language, label, isDraft, origin, revision, cues, at, before }: StoredCaptions): CaptionTrack => ({
  ...{ language, label, isDraft, origin, revision, cues, at },
  canRestore: before !== undefined,
})
