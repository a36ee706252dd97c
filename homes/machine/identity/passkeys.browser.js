// @ts-nocheck The project's types are those of a server; this runs in browsers.
/* Served after @simplewebauthn/browser's own bundle, which is `SimpleWebAuthnBrowser`. Answers go as the form they belong to: nothing is fetched. */
;(() => {
  const { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill, startAuthentication, startRegistration } = SimpleWebAuthnBrowser
  if (!browserSupportsWebAuthn()) return
  for (const note of document.querySelectorAll('[data-without]')) note.hidden = true

  const say = (form, error) => {
    // Put away by the person, or overtaken by another request.
    const isQuiet = error.name === 'AbortError' || error.name === 'NotAllowedError'
    const isThere = error.name === 'InvalidStateError'
    form.querySelector('[data-fault]').textContent = isQuiet ? '' : isThere ? form.dataset.there : form.dataset.failed
  }
  const send = (form, answer) => {
    form.elements.response.value = JSON.stringify(answer)
    form.submit()
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const optionsJSON = JSON.parse(form.dataset.options)
    const isNew = form.dataset.passkey === 'make'
    form.hidden = false
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const asked = isNew ? startRegistration({ optionsJSON }) : startAuthentication({ optionsJSON })
      asked.then(
        (answer) => send(form, answer),
        (error) => say(form, error),
      )
    })
    if (form.dataset.passkey === 'offer')
      browserSupportsWebAuthnAutofill().then((can) => {
        if (!can) return
        startAuthentication({ optionsJSON, useBrowserAutofill: true, verifyBrowserAutofillInput: true }).then(
          (answer) => send(form, answer),
          (error) => say(form, error),
        )
      })
  }
})()
