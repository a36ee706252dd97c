import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Screen, swapped } from './swap.ts'

/** A `<video>` that loads as the HTML standard has it, and paints when told to. */
const aScreen = ({ hasFrames = true } = {}) => {
  const events = new EventTarget()
  const log: string[] = []
  let look: VideoFrameRequestCallback | undefined
  const screen = {
    currentTime: 42,
    playbackRate: 1.5,
    defaultPlaybackRate: 1,
    play: async () => void log.push('play'),
    addEventListener: events.addEventListener.bind(events),
    ...(hasFrames && {
      requestVideoFrameCallback: (callback: VideoFrameRequestCallback) => {
        look = callback
        return 1
      },
    }),
  }
  const begin = (seconds: number): void => {
    Object.assign(screen, { currentTime: 0, playbackRate: screen.defaultPlaybackRate })
    log.push(`begin at ${seconds}`)
  }
  // Only the time of a frame is looked at.
  const paint = (mediaTime: number): void => look?.(0, { mediaTime } as VideoFrameCallbackMetadata)
  // The listener's type is that of a real element's events.
  return { screen: screen as Screen, begin, paint, log, tell: (name: string) => events.dispatchEvent(new Event(name)) }
}

const never = (): Promise<void> => new Promise(() => undefined)
const isSettled = async (promise: Promise<void>): Promise<boolean> => {
  const open = Symbol('open')
  await new Promise((resolve) => setImmediate(resolve))
  return (await Promise.race([promise, Promise.resolve(open)])) !== open
}

test('whoever is watching goes on watching at the same moment and speed', async () => {
  const { screen, begin, paint, log } = aScreen()
  const done = swapped(screen, { seconds: 42, isPlaying: true, begin, wait: never })
  assert.deepEqual(log, ['begin at 42', 'play'])
  assert.equal(screen.playbackRate, 1.5)
  paint(42)
  await done
  assert.equal(screen.defaultPlaybackRate, 1, 'the next film is not hurried')
})

test('whoever has paused stays paused', async () => {
  const { screen, begin, paint, log } = aScreen()
  const done = swapped(screen, { seconds: 42, isPlaying: false, begin, wait: never })
  paint(42)
  await done
  assert.deepEqual(log, ['begin at 42'])
})

test('the old picture stays until a new one of the same moment is painted', async () => {
  const { screen, begin, paint } = aScreen()
  const done = swapped(screen, { seconds: 42, isPlaying: true, begin, wait: never })
  paint(0)
  assert.equal(await isSettled(done), false)
  paint(41.96)
  assert.equal(await isSettled(done), true)
})

test('a browser that does not tell of frames ends the exchange when it has sought', async () => {
  const { screen, begin, tell } = aScreen({ hasFrames: false })
  const done = swapped(screen, { seconds: 42, isPlaying: false, begin, wait: never })
  assert.equal(await isSettled(done), false)
  tell('seeked')
  assert.equal(await isSettled(done), true)
})

test('a page in the background, which paints nothing, is not left behind a still', async () => {
  const { screen, begin } = aScreen()
  assert.equal(await isSettled(swapped(screen, { seconds: 42, isPlaying: true, begin, wait: async () => undefined })), true)
})
