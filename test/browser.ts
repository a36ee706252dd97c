import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'

/** What a browser shows after following where it was sent; it stops before a page of the app itself. */
export type Shown = { status: number; url: URL; text: string; headers: Headers }

type Cookie = { name: string; value: string; path: string }

export type Browser = ReturnType<typeof aBrowser>

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"')

/** The first form of a page: where it goes and what it holds already. */
const formOf = ({ text, url }: Shown): { action: URL; fields: URLSearchParams } => {
  const form = /<form[\s\S]*?<\/form>/.exec(text)?.[0]
  assert.ok(form, `no form on ${url.pathname}: ${text.slice(text.indexOf('<main'), text.indexOf('<main') + 300)}`)
  const inputs = [...form.matchAll(/<input[^>]*>/g)].flatMap(([tag]): [string, string][] => {
    const name = attribute(tag, 'name')
    return name === undefined ? [] : [[name, attribute(tag, 'value') ?? '']]
  })
  return { action: new URL(attribute(form, 'action') ?? '', url), fields: new URLSearchParams(inputs) }
}

type Send = (url: URL, init: RequestInit) => Promise<Response>

/** A browser without scripts: it keeps cookies, follows redirects to `isFollowed` paths, and sends forms as people do; `send` where an address leads elsewhere. */
export const aBrowser = (origin: string, isFollowed = (path: string): boolean => path.startsWith('/auth/'), send: Send = fetch) => {
  const cookies = new Map<string, Cookie>()

  const remember = (response: Response, url: URL): void => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...rest] = line.split(/;\s*/)
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      const said = (wanted: string): string | undefined => rest.find((part) => part.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1)
      const path = said('path') ?? url.pathname.slice(0, url.pathname.lastIndexOf('/'))
      const expires = said('expires')
      const key = `${name} ${path}`
      if (value === '' || (expires !== undefined && Date.parse(expires) < Date.now())) cookies.delete(key)
      else cookies.set(key, { name, value, path })
    }
  }

  const sent = ({ pathname }: URL): string =>
    [...cookies.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')

  const request = async (url: URL, init: RequestInit = {}): Promise<Shown> => {
    const response = await send(url, { ...init, redirect: 'manual', headers: { accept: 'text/html', cookie: sent(url), ...init.headers } })
    remember(response, url)
    const location = response.headers.get('location')
    const text = await response.text()
    if (location === null) return { status: response.status, url, text, headers: response.headers }
    const next = new URL(location, url)
    const isOurs = next.origin === new URL(origin).origin && isFollowed(next.pathname)
    return isOurs ? request(next) : { status: response.status, url: next, text, headers: response.headers }
  }

  return {
    open: (address: string | URL): Promise<Shown> => request(new URL(address, origin)),
    /** Sends a page's first form, with what was typed into it. */
    submit(page: Shown, typed: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Shown> {
      const { action, fields } = formOf(page)
      for (const [name, value] of Object.entries(typed)) fields.set(name, value)
      return request(action, { method: 'POST', body: fields, headers: { origin, 'sec-fetch-site': 'same-origin', ...headers } })
    },
    /** Follows the link whose text this is. */
    follow(page: Shown, label: string): Promise<Shown> {
      const link = [...page.text.matchAll(/<a [^>]*>[\s\S]*?<\/a>/g)].map(([tag]) => tag).find((tag) => tag.includes(label))
      assert.ok(link, `no link "${label}" on ${page.url.pathname}`)
      return request(new URL(attribute(link, 'href') ?? '', page.url))
    },
  }
}

/** A page's words, without its markup. */
export const words = ({ text }: Shown): string =>
  text
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

export type Tokens = { access_token: string; id_token: string; refresh_token: string; expires_in: number }

/** The app's half of a sign-in by code and PKCE, as `oidc-client-ts` does it. */
export const aSignIn = (origin: string, extra: Record<string, string> = {}) => {
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(8).toString('hex')
  const address = new URL('/auth/authorize', origin)
  address.search = new URLSearchParams({
    ...{ client_id: 'lectern-web', response_type: 'code', scope: 'openid profile email', redirect_uri: `${origin}/signed-in`, state },
    ...{ code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' },
    ...extra,
  }).toString()
  const token = (fields: Record<string, string>): Promise<Response> =>
    fetch(new URL('/auth/token', origin), { method: 'POST', body: new URLSearchParams({ client_id: 'lectern-web', ...fields }), headers: { origin } })
  return {
    address,
    /** Takes the code of the page the browser came back to. */
    async tokens({ url }: Shown): Promise<Tokens> {
      assert.equal(url.pathname, '/signed-in', `came back to ${url}`)
      assert.equal(url.searchParams.get('state'), state)
      const response = await token({
        grant_type: 'authorization_code',
        code: url.searchParams.get('code') ?? '',
        code_verifier: verifier,
        redirect_uri: `${origin}/signed-in`,
      })
      assert.equal(response.status, 200)
      // The provider's token answer, RFC 6749 §5.1.
      return (await response.json()) as Tokens
    },
    async refresh(refreshToken: string): Promise<{ status: number; tokens: Tokens }> {
      const response = await token({ grant_type: 'refresh_token', refresh_token: refreshToken })
      // Tokens where the status is 200.
      return { status: response.status, tokens: (await response.json()) as Tokens }
    },
  }
}

/** The whole way, for someone who has an account. */
export const signedIn = async (origin: string, email: string, password: string): Promise<Tokens> => {
  const [browser, app] = [aBrowser(origin), aSignIn(origin)]
  return app.tokens(await browser.submit(await browser.open(app.address), { email, password }))
}
