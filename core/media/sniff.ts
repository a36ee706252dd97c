/** How many bytes of a file's beginning `looksLikeMedia` wants to see. */
export const SNIFF_BYTES = 564

const ascii = (bytes: Uint8Array, start: number, length: number): string => String.fromCharCode(...bytes.subarray(start, start + length))
const begins = (bytes: Uint8Array, ...signature: number[]): boolean => signature.every((byte, index) => bytes[index] === byte)

/** ISO base media files (MP4, MOV) begin with a box of one of these types. */
const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'])

/**
 * Whether a file begins as one of the containers we take: MP4 and MOV, Matroska and WebM, AVI, MPEG transport and
 * program streams, FLV, ASF, Ogg, MXF. Only a first look, so that a mistake is told at once; the probe decides.
 */
export const looksLikeMedia = (bytes: Uint8Array): boolean => {
  if (bytes.length < 12) return false
  if (FIRST_BOXES.has(ascii(bytes, 4, 4))) return true
  if (begins(bytes, 0x1a, 0x45, 0xdf, 0xa3)) return true
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'AVI ') return true
  if (begins(bytes, 0x00, 0x00, 0x01, 0xba)) return true
  if (ascii(bytes, 0, 3) === 'FLV' || ascii(bytes, 0, 4) === 'OggS') return true
  // MXF begins with the label of a SMPTE key (SMPTE ST 377-1).
  if (begins(bytes, 0x06, 0x0e, 0x2b, 0x34)) return true
  if (begins(bytes, 0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)) return true
  // Transport streams repeat their sync byte every 188 (or, from cameras, 192) bytes.
  return [
    [0, 188],
    [4, 192],
  ].some(([first = 0, step = 188]) => bytes[first] === 0x47 && bytes[first + step] === 0x47 && bytes[first + 2 * step] === 0x47)
}
