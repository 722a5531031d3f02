import "/assets/form.js";
import "/assets/confirm.js";
