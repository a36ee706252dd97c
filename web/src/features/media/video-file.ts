/** Containers whose name tells what the browser sometimes does not know. */
const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4v: 'video/x-m4v',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  avi: 'video/x-msvideo',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  ts: 'video/mp2t',
  mts: 'video/mp2t',
  m2ts: 'video/mp2t',
  wmv: 'video/x-ms-wmv',
  flv: 'video/x-flv',
  '3gp': 'video/3gpp',
  ogv: 'video/ogg',
  mxf: 'application/mxf',
}

type FileFacts = { name: string; type: string; size: number }

const extension = (name: string): string => (/\.([^.]+)$/.exec(name)?.[1] ?? '').toLowerCase()

/** The browser's word for a file, or what its name says where the browser has none; empty when it is no video. */
export const videoType = ({ name, type }: Pick<FileFacts, 'name' | 'type'>): string => (type.startsWith('video/') ? type : (TYPES[extension(name)] ?? ''))

/** What can be known to be wrong before the first byte is sent. */
export const faultOf = (file: FileFacts): 'not-video' | 'empty' | undefined => {
  if (videoType(file) === '') return 'not-video'
  return file.size === 0 ? 'empty' : undefined
}

export const VIDEO_EXTENSIONS: string[] = Object.keys(TYPES).map((name) => `.${name}`)

/** For a file input. */
export const VIDEO_ACCEPT: string = ['video/*', ...VIDEO_EXTENSIONS].join(',')

export type LeftOut = { name: string; fault: 'not-video' | 'empty' }

/** Several files in the order of their names, and those among them that cannot be sent. */
export const sorted = <T extends FileFacts>(files: readonly T[]): { taken: T[]; leftOut: LeftOut[] } => {
  const inOrder = files.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  return {
    taken: inOrder.filter((file) => faultOf(file) === undefined),
    leftOut: inOrder.flatMap((file) => {
      const fault = faultOf(file)
      return fault ? [{ name: file.name, fault }] : []
    }),
  }
}
