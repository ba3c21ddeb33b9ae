import { createIssuers, createRole } from "./identity";
import { rolesFor } from "./roles";
import { loadSettings } from "./settings";
import { createState } from "./state";

/** What CI needs before the first stack. Its outputs are what CI's variables are set to. */
export = (): Record<string, unknown> => {
  const settings = loadSettings();
  const { project, region } = settings;
  const state = createState(`${project}-state`, region);
  const issuers = createIssuers(settings);
  const roles = rolesFor(settings).map((role) => [role.name, createRole(project, role, region, issuers, state)]);
  return {
    stateUrl: state.url,
    secretsProvider: state.secretsProvider,
    roles: Object.fromEntries(roles) as Record<string, unknown>,
  };
};
