throw new Error("a broken start");
