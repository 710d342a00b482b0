// The account itself: its password, its key for programs, its end.

import { useState } from "preact/hooks";
import * as account from "../api/account";
import { signalError } from "../app/feedback";
import { confirm } from "../app/overlays";
import { Line, SavedForm } from "../dom/forms";
import { t } from "../i18n";

function Password() {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const save = async () => {
    await account.changePassword(old, next);
    setOld("");
    setNext("");
  };
  return (
    <SavedForm
      minor
      title={t("account.password")}
      act={t("account.passwordChange")}
      done={t("account.passwordChanged")}
      save={save}
    >
      <Line
        label={t("account.passwordOld")}
        type="password"
        autocomplete="current-password"
        value={old}
        change={setOld}
      />
      <Line
        label={t("account.passwordNew")}
        type="password"
        autocomplete="new-password"
        value={next}
        change={setNext}
      />
    </SavedForm>
  );
}

function ApiKey() {
  const [key, setKey] = useState("");
  const make = () =>
    confirm(t("account.keyTitle"), t("account.keyText"), t("account.keyMake"), async () => {
      try {
        setKey((await account.newApiKey()).api_key);
      } catch (error) {
        signalError(error);
      }
    });
  return (
    <section class="form">
      <h3>{t("account.key")}</h3>
      <p>{t("account.keyAbout")}</p>
      {key && <output class="api-key">{key}</output>}
      <div>
        <button type="button" class="button" onClick={make}>
          {t("account.keyMake")}
        </button>
      </div>
    </section>
  );
}

function Leave() {
  const leave = () =>
    confirm(t("account.leaveTitle"), t("account.leaveText"), t("account.leave"), async () => {
      try {
        await account.deactivateMe();
        location.assign("/login/");
      } catch (error) {
        signalError(error);
      }
    });
  return (
    <div>
      <button type="button" class="button danger" onClick={leave}>
        {t("account.leave")}
      </button>
    </div>
  );
}

export function Account() {
  return (
    <>
      <Password />
      <ApiKey />
      <Leave />
    </>
  );
}
