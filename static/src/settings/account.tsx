// The account itself: its password, its key for programs, its end.

import { useState } from "preact/hooks";
import * as account from "../api/account";
import { notify, signalError } from "../app/feedback";
import { confirm } from "../app/overlays";
import { t } from "../i18n";

function Password() {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await account.changePassword(old, next);
      setOld("");
      setNext("");
      notify(t("account.passwordChanged"));
    } catch (error) {
      signalError(error);
    }
  };
  return (
    <form class="form" onSubmit={submit}>
      <h3>{t("account.password")}</h3>
      <label>
        {t("account.passwordOld")}
        <input
          required
          type="password"
          autocomplete="current-password"
          value={old}
          onInput={(event) => setOld(event.currentTarget.value)}
        />
      </label>
      <label>
        {t("account.passwordNew")}
        <input
          required
          type="password"
          autocomplete="new-password"
          value={next}
          onInput={(event) => setNext(event.currentTarget.value)}
        />
      </label>
      <div class="form-buttons">
        <button type="submit" class="button">
          {t("account.passwordChange")}
        </button>
      </div>
    </form>
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
