export const CAPTION_ACCEPT = '.vtt,.srt,text/vtt,application/x-subrip'

/**
 * The text of a caption file in whichever encoding it was saved. Old subtitle editors write no UTF-8: what is none is
 * taken for Windows-1252, in which every byte means something.
 */
export const captionText = (bytes: Uint8Array): string => {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
