const CONTEXT = `  -c name=value         one more of the stage's settings, such as -c domain=school.example; said each time, and
                        kept for good in amplify/stages/<stage>.json`

/**
 * What each verb of the AWS home says of itself when asked with --help; none is run then.
 * @type {Readonly<Record<string, string>>}
 */
export const AWS_HELP = {
  synth: `npm run aws:synth -- [staging|production] [-c name=value]

Makes the templates in amplify/cdk.out and checks them with CloudFormation's own rules and cdk-nag's AwsSolutions and
Serverless packs. Asks no account and costs nothing; staging where no stage is named. Only what is given by -c counts,
not the stage's file.`,
  rehearse: `npm run aws:rehearse

Runs the templates, the bundled functions and three journeys on this machine, against stand-ins of AWS: an upload that
becomes playable, a payment that becomes an enrolment, a draft that becomes a pull request. Asks no account.`,
  test: `npm run test:aws -- [file or folder ...]

Runs the tests of the AWS home: of those files, or all. Installs what they need in amplify/ first. Asks no account.`,
  diff: `npm run aws:diff -- <staging|production>

Tells what a deployment would change, and changes nothing. Needs an account.

${CONTEXT}`,
  deploy: `npm run aws:deploy -- <staging|production>

Makes bundles, pages and templates, shows what changes, and deploys them to the account that AWS_PROFILE or the other
usual variables name. docs/operations/aws.md leads there from an empty account and tells what it costs.

  --yes                 does not ask, stack by stack, whether somebody's leave may become wider
  --to <version>        deploys a version that was deployed before: a roll back. aws:outputs lists them
${CONTEXT}`,
  outputs: `npm run aws:outputs -- <staging|production>

Tells the addresses of a deployed school, and the versions that this machine can go back to. Of one that another machine
deployed it asks the account.`,
  destroy: `npm run aws:destroy -- <staging|production>

Takes the school down and keeps people, table, videos, secrets and queues: aws:deploy opens it again. Only on a machine
that has deployed it, whose templates name what goes.

  --with-data           takes those as well, after the stage's name was typed
  --yes                 does not ask where everything is kept`,
  secrets: `npm run aws:secrets -- <staging|production>

After the first deployment: asks for the keys of Stripe, mail, transcription, GitHub and the chatbot, one by one, and keeps
them in Secrets Manager. An empty answer leaves one as it is, "-" takes it away. None is shown, and none is written down
on this machine.`,
  keys: `npm run aws:keys -- <staging|production> [rotate [--now]]

Lists the keys that sign films and files. With rotate, a new one signs and the one before stays good for what it has
signed.

  --now                 two new keys at once, where one has leaked: whoever watches signs anew
${CONTEXT}`,
}
