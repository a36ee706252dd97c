import type { Rows } from '../row.ts'

const english = { language: 'en', label: 'English' }

export const captions: Rows<'captions'> = {
  all: { of: 'teacher', input: ({ video }) => ({ video }) },
  read: { of: 'teacher', input: ({ video }) => ({ video, language: 'en' }) },
  upload: {
    of: 'teacher',
    input: ({ video, captions: revision }) => ({ video, ...english, revision, text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n' }),
  },
  save: {
    of: 'teacher',
    input: ({ video, captions: revision }) => ({ video, ...english, revision, cues: [{ startSeconds: 1, endSeconds: 2, text: 'Hi' }] }),
  },
  publish: { of: 'teacher', input: ({ video, captions: revision }) => ({ video, language: 'en', revision }) },
  restore: { of: 'teacher', input: ({ video, captions: revision }) => ({ video, language: 'en', revision }) },
  remove: { of: 'teacher', input: ({ video }) => ({ video, language: 'en' }) },
  transcribe: { of: 'teacher', input: ({ silentVideo: video }) => ({ video, ...english }) },
}
