/** Something that was said; seconds from the beginning of the sound. */
export type Spoken = { startSeconds: number; endSeconds: number; text: string }

/**
 * `unreachable`: no answer, too many calls, or its own fault: it may work later · `refused`: it does not take our key or our
 * request · `nonsense`: it answered what nobody can read.
 */
export type TranscriptionFault = 'unreachable' | 'refused' | 'nonsense'

/** `message` is for the log: it may hold what the service said, and never the key. */
export class TranscriptionFailed extends Error {
  readonly fault: TranscriptionFault
  constructor(fault: TranscriptionFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}

/** A machine that listens. `language` is a BCP 47 tag; the sound is a whole MP4 file of at most twenty minutes and 24 MB. */
export type Transcription = {
  /**
   * Answers or fails within `answerSeconds`, however often it asks its service meanwhile.
   * @throws TranscriptionFailed; anything else when the school closes meanwhile.
   */
  transcribe(sound: Uint8Array, wanted: { language: string }): Promise<Spoken[]>
}

/** `answerSeconds` is enough for twenty minutes of sound on a small machine of one's own. */
export const TRANSCRIPTION_LIMITS = { seconds: 20 * 60, bytes: 24 * 1024 * 1024, answerSeconds: 30 * 60 } as const
