import type { SendPart } from './upload-world.ts'

/** A connection on which nothing has moved for so long is dead, whatever the browser believes. */
const SILENCE_MS = 60_000

/** PUTs a part by XMLHttpRequest, the one way in which a browser tells how far a request body is. */
export const sendPart: SendPart = ({ url, body, signal, onSent }) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const stop = (): void => request.abort()
    let silence = setTimeout(stop, SILENCE_MS)
    const heard = (): void => {
      clearTimeout(silence)
      silence = setTimeout(stop, SILENCE_MS)
    }
    request.upload.addEventListener('progress', ({ loaded }) => {
      heard()
      onSent(loaded)
    })
    request.addEventListener('loadend', () => {
      clearTimeout(silence)
      signal.removeEventListener('abort', stop)
      resolve(request.status)
    })
    signal.addEventListener('abort', stop)
    request.open('PUT', url)
    request.send(body)
  })
