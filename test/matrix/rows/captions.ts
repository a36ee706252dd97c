import type { Rows } from '../row.ts'

const english = { language: 'en', label: 'English' }

export const captions: Rows<'captions'> = {
  all: { of: 'teacher', to: 'edit', input: ({ video }) => ({ video }) },
  read: { of: 'teacher', to: 'edit', input: ({ video }) => ({ video, language: 'en' }) },
  upload: {
    of: 'teacher',
    to: 'edit',
    input: ({ video, captions: revision }) => ({ video, ...english, revision, text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n' }),
  },
  save: {
    of: 'teacher',
    to: 'edit',
    input: ({ video, captions: revision }) => ({ video, ...english, revision, cues: [{ startSeconds: 1, endSeconds: 2, text: 'Hi' }] }),
  },
  publish: { of: 'teacher', to: 'edit', input: ({ video, captions: revision }) => ({ video, language: 'en', revision }) },
  restore: { of: 'teacher', to: 'edit', input: ({ video, captions: revision }) => ({ video, language: 'en', revision }) },
  remove: { of: 'teacher', to: 'edit', input: ({ video }) => ({ video, language: 'en' }) },
  transcribe: { of: 'teacher', to: 'edit', input: ({ silentVideo: video }) => ({ video, ...english }) },
}
