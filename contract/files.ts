import * as z from 'zod/mini'
import { endpoint, id, when } from './base.ts'

export const MOST_FILES = 20
export const MOST_FILE_NAME = 200

/** Controls, line separators and halves of surrogate pairs, what turns the direction of all that follows, and slashes: a name is one line and no path. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069\\/]/gu

/** A name as the school keeps it, from whatever a disk calls the file. */
export const plainFileName = (name: string): string => {
  const plain = name.normalize('NFC').replace(UNFIT, '_').trim()
  const [signs, ending] = [[...plain], [...(/\.[^. ]{1,10}$/u.exec(plain)?.[0] ?? '')]]
  return signs.length <= MOST_FILE_NAME ? plain : [...signs.slice(0, MOST_FILE_NAME - ending.length), ...ending].join('')
}

/** In any language, without what a name has no use for. */
export const FileName = z.string().check(
  z.trim(),
  z.normalize('NFC'),
  z.minLength(1),
  z.refine((name) => name.length <= 2 * MOST_FILE_NAME && [...name].length <= MOST_FILE_NAME && name.search(UNFIT) < 0),
)

/** A file of a lesson, for whoever may download it. */
export const LessonFile = z.object({ id: id('fil'), name: z.string(), sizeBytes: z.int(), type: z.string() })
export type LessonFile = z.infer<typeof LessonFile>

/** What the browser needs to go on with sending a file: how it is cut, and which parts have arrived. */
export const FileUpload = z.object({
  id: id('fil'),
  lesson: id('les'),
  name: z.string(),
  sizeBytes: z.int(),
  partBytes: z.int(),
  parts: z.int(),
  arrived: z.array(z.int()),
})
export type FileUpload = z.infer<typeof FileUpload>

/** A lesson's files as its teacher sees them: those there, in order, those that have not arrived whole, and the largest there may be. */
export const FilesDraft = z.object({ files: z.array(LessonFile), unfinished: z.array(FileUpload), maxBytes: z.int() })
export type FilesDraft = z.infer<typeof FilesDraft>

const [lesson, file] = [id('les'), id('fil')]
/** 32 bytes in base64. */
export const sha256 = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/))

export const files = {
  ofLesson: endpoint({
    method: 'GET',
    path: '/teach/lessons/{lesson}/files',
    access: 'teaching',
    summary: 'The files of a lesson of mine',
    input: z.object({ lesson }),
    output: FilesDraft,
  }),
  startUpload: endpoint({
    method: 'POST',
    path: '/teach/lessons/{lesson}/files',
    access: 'teaching',
    summary: 'Begin (or take up again) to send a file to a lesson',
    input: z.object({ lesson, name: FileName, sizeBytes: z.int(), type: z.string().check(z.maxLength(200)) }),
    output: FileUpload,
  }),
  upload: endpoint({
    method: 'GET',
    path: '/teach/files/{file}/upload',
    access: 'teaching',
    summary: 'How far a file is',
    input: z.object({ file }),
    output: FileUpload,
  }),
  signParts: endpoint({
    method: 'POST',
    path: '/teach/files/{file}/parts',
    access: 'teaching',
    summary: 'URLs to PUT parts to, good for one hour',
    input: z.object({
      file,
      parts: z.array(z.int()).check(z.minLength(1), z.maxLength(50)),
      /** The parts' digests in their order: what arrives with another is refused. Left out by a page that cannot hash. */
      hashes: z.optional(z.array(sha256)),
    }),
    output: z.object({ parts: z.array(z.object({ number: z.int(), url: z.string(), size: z.int() })) }),
  }),
  finishUpload: endpoint({
    method: 'POST',
    path: '/teach/files/{file}/finish',
    access: 'teaching',
    summary: 'All parts have been sent: the lesson has the file; learners see it once the course is published',
    input: z.object({ file }),
    output: FilesDraft,
  }),
  rename: endpoint({
    method: 'PATCH',
    path: '/teach/files/{file}',
    access: 'teaching',
    summary: 'Give a file another name',
    input: z.object({ file, name: FileName }),
    output: FilesDraft,
  }),
  arrange: endpoint({
    method: 'PUT',
    path: '/teach/lessons/{lesson}/files',
    access: 'teaching',
    summary: 'Put a lesson’s files in order; the same ids must be named as before',
    input: z.object({ lesson, files: z.array(file).check(z.maxLength(MOST_FILES)) }),
    output: FilesDraft,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/teach/files/{file}',
    access: 'teaching',
    summary: 'Take a file out of its lesson, or give up sending it; learners keep what was published until the course is published again',
    input: z.object({ file }),
    output: FilesDraft,
  }),
  download: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/files/{file}/download',
    access: 'anyone',
    summary: 'A URL that opens this one file for at most five minutes, of a lesson I may see',
    input: z.object({ lesson, file }),
    output: z.object({ url: z.string(), expiresAt: when }),
  }),
}
