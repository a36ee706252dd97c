import type { Rows } from '../row.ts'

export const files: Rows<'files'> = {
  ofLesson: { of: 'teacher', to: 'edit', input: ({ downloads: lesson }) => ({ lesson }) },
  startUpload: { of: 'teacher', to: 'edit', input: ({ downloads: lesson }) => ({ lesson, name: 'more.pdf', sizeBytes: 900, type: 'application/pdf' }) },
  upload: { of: 'teacher', to: 'edit', input: ({ openFile: file }) => ({ file }) },
  signParts: { of: 'teacher', to: 'edit', input: ({ openFile: file }) => ({ file, parts: [1] }) },
  finishUpload: { of: 'teacher', to: 'edit', input: ({ sentFile: file }) => ({ file }), isOnce: true },
  rename: { of: 'teacher', to: 'edit', input: ({ file }) => ({ file, name: 'other.pdf' }) },
  arrange: { of: 'teacher', to: 'edit', input: ({ downloads: lesson, file }) => ({ lesson, files: [file] }) },
  remove: { of: 'teacher', to: 'edit', input: ({ file }) => ({ file }) },
  download: { of: 'course', input: ({ downloads: lesson, file }) => ({ lesson, file }) },
}
