/** A text that is never to be shown: printed, logged or written as JSON it reads `[secret]`. */
export type Secret = { reveal(): string; toString(): string; toJSON(): string }

export const secret = (text: string): Secret => ({ reveal: () => text, toString: () => '[secret]', toJSON: () => '[secret]' })
