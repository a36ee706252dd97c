import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { CfnIdentityPool, CfnUserPool, CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito'
import { CfnManagedLoginBranding, CfnUserPoolDomain, type IUserPool } from 'aws-cdk-lib/aws-cognito'
import { passwordLength } from '../../homes/aws/wiring.ts'
import { acknowledge } from '../lib/nag.ts'
import type { Plan } from '../lib/plan.ts'

type Auth = {
  userPool: IUserPool
  cfnResources: { cfnUserPool: CfnUserPool; cfnUserPoolClient: CfnUserPoolClient; cfnIdentityPool: CfnIdentityPool }
}

const MINUTES_OF_ACCESS = 15
const DAYS_OF_SESSION = 30

/** A pool nobody removes by accident, with passwords as long as those at home. */
const keepPool = ({ userPool, cfnResources: { cfnUserPool } }: Auth): void => {
  userPool.applyRemovalPolicy(RemovalPolicy.RETAIN)
  cfnUserPool.deletionProtection = 'ACTIVE'
  cfnUserPool.policies = {
    passwordPolicy: {
      minimumLength: passwordLength,
      requireLowercase: false,
      requireUppercase: false,
      requireNumbers: false,
      requireSymbols: false,
      temporaryPasswordValidityDays: 3,
    },
  }
  acknowledge(
    cfnUserPool,
    'Ten characters and no classes of signs: length is what makes guessing dear, and classes are what people forget. The same in every home.',
    'AwsSolutions-COG1',
  )
  acknowledge(
    cfnUserPool,
    'Threat protection is of a tier priced per learner; sign-in is limited by Cognito, and a second factor is offered to everybody.',
    'AwsSolutions-COG8',
  )
  acknowledge(
    cfnUserPool,
    'A second factor is offered and not demanded: learners come once a week, and a lost telephone must not cost them what they bought.',
    'AwsSolutions-COG2',
  )
}

/** OpenID Connect with code and PKCE on Cognito's own pages, as the web app speaks it to any provider. */
const openLogin = ({ cfnResources: { cfnUserPool, cfnUserPoolClient } }: Auth, { names, url }: Plan): void => {
  const scope = Stack.of(cfnUserPool)
  Object.assign(cfnUserPoolClient, {
    generateSecret: false,
    allowedOAuthFlowsUserPoolClient: true,
    allowedOAuthFlows: ['code'],
    allowedOAuthScopes: ['openid', 'email', 'profile'],
    supportedIdentityProviders: ['COGNITO'],
    callbackUrLs: [`${url}/signed-in`],
    logoutUrLs: [`${url}/`],
    explicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    preventUserExistenceErrors: 'ENABLED',
    enableTokenRevocation: true,
    accessTokenValidity: MINUTES_OF_ACCESS,
    idTokenValidity: MINUTES_OF_ACCESS,
    refreshTokenValidity: DAYS_OF_SESSION,
    tokenValidityUnits: { accessToken: 'minutes', idToken: 'minutes', refreshToken: 'days' },
  })
  const domain = new CfnUserPoolDomain(scope, 'sign-in', { userPoolId: cfnUserPool.ref, domain: names.signIn, managedLoginVersion: 2 })
  const look = new CfnManagedLoginBranding(scope, 'sign-in-look', {
    userPoolId: cfnUserPool.ref,
    clientId: cfnUserPoolClient.ref,
    useCognitoProvidedValues: true,
  })
  look.addResourceDependency(domain)
}

/** What Amplify leaves open or would delete. */
export const overrideAuth = (auth: Auth, plan: Plan): void => {
  keepPool(auth)
  openLogin(auth, plan)
  auth.cfnResources.cfnIdentityPool.allowUnauthenticatedIdentities = false
}
