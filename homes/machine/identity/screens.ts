import type { DatabaseSync } from 'node:sqlite'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { whyUnkept } from '../unkept.ts'
import { type Html, html } from './html.ts'
import { keepLanguage, spokenTo } from './language.ts'
import type { House, Spoken } from './layout.ts'
import { signOutPage } from './pages.ts'
import { errorPage, signedOutPage, unkeptPage } from './plain-pages.ts'
import type { Screens } from './provider.ts'

/** A page of ours in place of the provider's own. */
const show = (context: KoaContextWithOIDC, house: House, page: (spoken: Spoken) => Html): void => {
  const asked = { request: context.req, query: new URLSearchParams(context.querystring) }
  keepLanguage(asked, context.res, house.url)
  context.type = 'html'
  context.body = page(spokenTo(house, asked)).markup
}

/** Whether the app showed the ID token of the person who is signed in: then it is they who leave, and nothing is asked. */
const isSureOf = ({ oidc }: KoaContextWithOIDC): boolean => {
  // Put there by the provider's own check of the hint; its type says only "entity".
  const hint = oidc.entities.IdTokenHint as { payload?: { sub?: unknown } } | undefined
  return hint?.payload?.sub !== undefined && hint.payload.sub === oidc.session?.accountId
}

/** Ends the session as the provider's own confirmation does, with the grants made in it. */
const signOut = async (context: KoaContextWithOIDC, database: DatabaseSync, url: string): Promise<void> => {
  const { oidc } = context
  const { session } = oidc
  if (!session) return
  const { postLogoutRedirectUri, state } = session.state ?? {}
  const grants = Object.values(session.authorizations ?? {}).flatMap(({ grantId }) => (grantId === undefined ? [] : [grantId]))
  for (const grant of grants) {
    database.prepare('DELETE FROM oidc WHERE grant_id = ?').run(grant)
    database.prepare("DELETE FROM oidc WHERE model = 'Grant' AND id = ?").run(grant)
  }
  await session.destroy()
  context.cookies.set(oidc.provider.cookieName('session'), null, { path: '/auth', httpOnly: true, sameSite: 'lax', signed: true })
  const target = new URL(typeof postLogoutRedirectUri === 'string' ? postLogoutRedirectUri : `${url}/`)
  if (typeof postLogoutRedirectUri === 'string' && typeof state === 'string') target.searchParams.set('state', state)
  context.status = 303
  context.redirect(target.href)
}

/** The pages the provider shows by itself. */
export const screens = (house: House, database: DatabaseSync): Screens => ({
  logoutSource: async (context, form) => {
    if (isSureOf(context)) await signOut(context, database, house.url)
    else show(context, house, (spoken) => signOutPage(spoken, form))
  },
  postLogoutSuccessSource: (context) => show(context, house, signedOutPage),
  renderError: (context, { error, error_description: detail }, cause) => {
    const why = whyUnkept(cause)
    if (why !== undefined) {
      context.status = why === 'full' ? 507 : 503
      return show(context, house, unkeptPage)
    }
    // In the words of the standard, which speaks English alone.
    const said = html`<span lang="en">${[error, detail].filter(Boolean).join(': ')}</span>`
    return show(context, house, (spoken) => errorPage(spoken, said))
  },
})
