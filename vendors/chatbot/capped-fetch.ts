export class AnswerTooLarge extends Error {
  readonly code = 'answer-too-large'
}

const whole = async (response: Response, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    // Leaving the loop closes the connection.
    if (size > mostBytes) throw new AnswerTooLarge(`The answer is larger than ${mostBytes} bytes.`)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** `fetch` that reads no more than so much of an answer, and follows no redirect, so that the key goes nowhere else. `answered` is called once there is any answer. */
export const cappedFetch =
  (mostBytes: number, answered: (response: Response) => void): typeof globalThis.fetch =>
  async (url, how) => {
    const response = await fetch(url, { ...how, redirect: 'error' })
    answered(response)
    const { status, statusText, headers } = response
    const bytes = await whole(response, mostBytes)
    // What fetch hands out is unpacked already.
    const told = new Headers([...headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length'))
    return new Response(bytes, { status, statusText, headers: told })
  }
