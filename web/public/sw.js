/*
 * Keeps the app's own files for a line that breaks: pages come from the school while it can be reached, files named after their
 * contents from here. The API, videos, files, the catalogue and everything that needs somebody's right are never kept.
 */
const SHELL = 'lectern-shell-2'
const OFFLINE = '/offline.html'
const OFFLINE_LOOK = '/offline.css'
const MOST_FILES = 150

const isOwnFile = ({ origin, pathname }) => origin === self.location.origin && pathname.startsWith('/assets/')

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const shell = await caches.open(SHELL)
      await shell.addAll([OFFLINE, OFFLINE_LOOK].map((path) => new Request(path, { cache: 'reload' })))
      await self.skipWaiting()
    })(),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name)
      await self.clients.claim()
    })(),
  )
})

const keep = async (request, response) => {
  const shell = await caches.open(SHELL)
  await shell.put(request, response)
  const files = (await shell.keys()).filter(({ url }) => isOwnFile(new URL(url)))
  // The oldest first: those of an app that has been replaced.
  for (const old of files.slice(0, Math.max(0, files.length - MOST_FILES))) await shell.delete(old)
}

const file = async (event) => {
  const kept = await caches.match(event.request)
  if (kept) return kept
  const response = await fetch(event.request)
  if (response.status === 200) event.waitUntil(keep(event.request, response.clone()))
  return response
}

const page = async (request) => {
  try {
    return await fetch(request)
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error()
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || request.headers.has('range')) return
  const url = new URL(request.url)
  if (isOwnFile(url) || (url.origin === self.location.origin && url.pathname === OFFLINE_LOOK)) event.respondWith(file(event))
  // Pages of the app alone: the program's own (sign-in, stand-ins, documents) fail as they always have.
  else if (
    request.mode === 'navigate' &&
    url.origin === self.location.origin &&
    !/^\/(api|auth|hooks|uploads|sandbox|files|media|catalogue)(\/|$)/.test(url.pathname)
  )
    event.respondWith(page(request))
})
