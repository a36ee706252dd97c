import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aBrowser, aSignIn, type Shown, words } from '#test/browser.ts'
import { tooManyPage } from './plain-pages.ts'
import { aReader, aScene, linkIn, PASSWORD, type Scene, signUp } from './scene.fixture.ts'
import { WORDS } from './words/words.ts'

const langOf = ({ text }: Pick<Shown, 'text'>): string | undefined => /<html lang="([^"]*)"/.exec(text)?.[1]

describe('the language of the sign-in', () => {
  let scene: Scene
  before(async () => {
    scene = await aScene()
  })
  after(() => scene.close())
  const begun = async (locales: string) => {
    const browser = aBrowser(scene.url)
    return { browser, page: await browser.open(aSignIn(scene.url, { ui_locales: locales }).address) }
  }

  it('is what the app speaks that led there', async () => {
    const { browser, page } = await begun('fr de-AT en')
    assert.equal(langOf(page), 'de')
    assert.match(words(page), /Anmelden · The Test School .* Machen Sie da weiter, wo Sie aufgehört haben\..* Passwort .* Konto anlegen/)
    const created = await browser.follow(page, 'Konto anlegen')
    assert.match(words(created), /Mindestens 10 Zeichen/)
    assert.match(words(await browser.submit(created, { name: ' ', email: 'x', password: 'short' })), /Nehmen Sie mindestens 10 Zeichen/)
  })

  it('is English where nothing asks for another', async () => {
    const page = await aBrowser(scene.url).open(aSignIn(scene.url).address)
    assert.deepEqual([langOf(page), /Go on where you left off/.test(words(page))], ['en-GB', true])
  })

  it('is that of errors as well, which stay the same whether an address has an account or not', async () => {
    const { email } = await aReader(scene)
    const unknown = 'nobody@lectern.test'
    for (const [language, says] of [
      ['de', /Fehler: Anmelden .* E-Mail oder Passwort stimmt nicht\./],
      ['es', /Error: Iniciar sesión .* El correo o la contraseña no son correctos\./],
    ] as const) {
      const tried = async (address: string): Promise<[refused: string, told: string]> => {
        const { browser, page } = await begun(language)
        const refused = await browser.submit(page, { email: address, password: 'not the password' })
        assert.equal(refused.status, 401)
        const told = await browser.submit(await browser.follow(refused, WORDS[language].fields.forgotten), { email: address })
        return [words(refused).replaceAll(address, ''), words(told).replaceAll(address, '')]
      }
      const known = await tried(email)
      assert.match(known[0], says)
      assert.deepEqual(await tried(unknown), known)
    }
  })

  it('stays with the browser on pages outside a sign-in, and for those alone', async () => {
    const { browser, page } = await begun('es')
    const [cookie = ''] = page.headers.getSetCookie().filter((line) => line.startsWith('lectern_language='))
    assert.equal(cookie, 'lectern_language=es; Path=/auth; HttpOnly; SameSite=Lax')
    assert.match(words(await browser.open('/auth/sign-in/gone')), /Esta página ha caducado/)
    const { email } = await aReader(scene)
    await browser.submit(page, { email, password: PASSWORD })
    const leaving = await browser.open('/auth/sign-out')
    assert.match(words(leaving), /¿Cerrar sesión\?/)
    assert.match(words(await browser.submit(leaving, { logout: 'yes' })), /Has cerrado la sesión/)
    assert.match(words(await browser.open(aSignIn(scene.url, { ui_locales: 'de' }).address)), /Anmelden/)
    assert.match(words(await browser.open('/auth/nowhere')), /Hier ist nichts/)
  })

  it('is the browser’s own where nothing was asked for or shown', async () => {
    const shown = async (preferred: string): Promise<string | undefined> =>
      langOf({ text: await (await fetch(`${scene.url}/auth/nowhere`, { headers: { 'accept-language': preferred } })).text() })
    const preferred = ['es-MX,es;q=0.9,en;q=0.8', 'fr, en;q=0.7, DE;q=0.8', 'de;q=0, en;q=0.1', 'fr', '*', 'de;q=many', '']
    assert.deepEqual(await Promise.all(preferred.map(shown)), ['es', 'de', 'en-GB', 'en-GB', 'en-GB', 'en-GB', 'en-GB'])
  })

  it('is a letter’s where its link is opened, in whatever browser', async () => {
    const email = 'gudrun@lectern.test'
    await signUp(scene, email, { ui_locales: 'de' })
    const phone = aBrowser(scene.url)
    const opened = await phone.open(linkIn((await scene.letters(email))[0]))
    assert.deepEqual([langOf(opened), /Bestätigen Sie Ihre Adresse/.test(words(opened))], ['de', true])
    assert.match(words(await phone.submit(opened, { password: 'a guess of mine' })), /Das ist nicht das Passwort, das Sie gewählt haben/)
    assert.match(words(await phone.submit(opened, { password: PASSWORD })), /Ihre Adresse ist bestätigt .* Weiter/)
    assert.match(words(await phone.open(opened.url)), /Dieser Link ist abgelaufen/)
  })

  it('is that of the provider’s own errors, whose detail is marked as English', async () => {
    const { status, text } = await aBrowser(scene.url).open('/auth/authorize?client_id=nobody&ui_locales=de')
    assert.equal(status, 400)
    assert.match(text, /Das hat nicht geklappt.*<span lang="en">invalid_client/s)
  })

  it('says how long to wait', () => {
    const house = { schoolName: 'The Test School', url: scene.url }
    const said = (language: 'de' | 'es', seconds: number) => tooManyPage({ house, words: WORDS[language] }, seconds).markup
    assert.match(said('de', 600), /Versuchen Sie es in 10 Minuten noch einmal/)
    assert.match(said('de', 60), /in einer Minute noch einmal/)
    assert.match(said('es', 3600), /Inténtalo de nuevo dentro de una hora/)
  })
})
